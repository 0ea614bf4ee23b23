#include "snapshot.h"

#include "../bytecode/cp311/bytecode.h"
#include "../code/death.h"
#include "../code/memory.h"
#include "../masm/masm.h"
#include "../runtime/expectations.h"
#include "../shared_file.h"
#include "../tier/codeinfo.h"

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace {

constexpr size_t kRoom = 256 * 1024;  // bytes of the file
constexpr int kFollowed = 24;         // instructions
constexpr Py_ssize_t kElements = 8;   // of a container that are described
constexpr int kDepth = 2;             // of containers in containers
constexpr size_t kText = 80;          // characters of a value

char* room = nullptr;
size_t used = 0;
bool following = false;
int followed = 0;
const _Py_CODEUNIT* first = nullptr;  // where following begins
_PyFrameEvalFunction evaluator = nullptr;

void append(std::string_view line) {
    if (room == nullptr || used + line.size() >= kRoom) return;
    std::memcpy(room + used, line.data(), line.size());
    used += line.size();
}

// A line that is put together without allocating.
class Line {
  public:
    Line& operator<<(std::string_view text) {
        for (const char each : text) {
            if (size_ < sizeof(text_)) text_[size_++] = each;
        }
        return *this;
    }
    Line& truth(bool value) { return *this << (value ? "true" : "false"); }
    Line& hexadecimal(uintptr_t value) {
        *this << "0x";
        int shift = 8 * static_cast<int>(sizeof(value)) - 4;
        while (shift > 0 && value >> shift == 0) shift -= 4;
        for (; shift >= 0; shift -= 4)
            *this << std::string_view("0123456789abcdef").substr(value >> shift & 15, 1);
        return *this;
    }
    std::string_view text() const { return {text_, size_}; }

  private:
    char text_[160];
    size_t size_ = 0;
};

// In a signal handler.
void describeDeath(const pyjit::Death& death) {
    const auto* place = static_cast<const uint8_t*>(death.place);
    const bool compiled = pyjit::CodeMemory::instance().isCode(place);
    Line line;
    line << "{\"died\":\"" << death.signal << "\",\"address\":\"";
    line.hexadecimal(reinterpret_cast<uintptr_t>(death.address)) << "\",\"compiled\":";
    line.truth(compiled) << ",\"counting\":";
    line.truth(compiled && pyjit::addsOne(pyjit::hostArch(), place)) << "}\n";
    append(line.text());
}

// Is there a value whose text depends on nothing but itself, and takes nobody's code?
bool hasPlainText(PyObject* object) {
    return object == Py_None || object == Py_Ellipsis || object == Py_NotImplemented ||
           PyBool_Check(object) || PyLong_CheckExact(object) || PyFloat_CheckExact(object) ||
           PyComplex_CheckExact(object) || PyUnicode_CheckExact(object) ||
           PyBytes_CheckExact(object);
}

// Empty where there is none.
std::string utf8(PyObject* text) {
    Py_ssize_t size = 0;
    const char* said = text == nullptr ? nullptr : PyUnicode_AsUTF8AndSize(text, &size);
    if (said == nullptr) {
        PyErr_Clear();  // an int of more digits than are allowed, a name that nobody can write
        return "";
    }
    return std::string(said, static_cast<size_t>(size));
}

// As the source would spell it; what is too long has its hash behind its beginning.
std::string plainText(PyObject* object) {
    PyObject* text = PyObject_ASCII(object);
    const std::string said = utf8(text);
    Py_XDECREF(text);
    if (!said.empty() && said.size() <= kText) return said;
    return said.substr(0, kText / 2) + "... hash " + std::to_string(PyObject_Hash(object));
}

std::string valueOf(PyObject* object, int depth);

std::string typeOf(PyObject* object) { return Py_TYPE(object)->tp_name; }

std::string elementOf(PyObject* object, int depth) {
    if (object == nullptr) return "nothing";
    if (Py_REFCNT(object) <= 0) return "freed";
    const std::string value = valueOf(object, depth);
    return value.empty() ? typeOf(object) : value;
}

std::string sequenceOf(PyObject* const* items, Py_ssize_t count, int depth) {
    std::string said;
    for (Py_ssize_t i = 0; i < count && i < kElements; ++i) {
        said += (i == 0 ? "" : ", ") + elementOf(items[i], depth);
    }
    return said + (count > kElements ? ", ... " + std::to_string(count) : "");
}

std::string dictOf(PyObject* dict, int depth) {
    std::string said;
    Py_ssize_t place = 0;
    PyObject *key, *value;
    for (Py_ssize_t i = 0; i < kElements && PyDict_Next(dict, &place, &key, &value) != 0; ++i) {
        said += (i == 0 ? "" : ", ") + elementOf(key, depth) + ": " + elementOf(value, depth);
    }
    return said + (PyDict_GET_SIZE(dict) > kElements
                       ? ", ... " + std::to_string(PyDict_GET_SIZE(dict))
                       : "");
}

// Empty if there is nothing to say but the type.
std::string valueOf(PyObject* object, int depth) {
    if (hasPlainText(object)) return plainText(object);
    if (PyType_Check(object)) return reinterpret_cast<PyTypeObject*>(object)->tp_name;
    if (PyFunction_Check(object)) {
        return utf8(reinterpret_cast<PyFunctionObject*>(object)->func_qualname);
    }
    if (depth == 0) return "";
    if (PyTuple_CheckExact(object)) {
        auto* tuple = reinterpret_cast<PyTupleObject*>(object);
        return "(" + sequenceOf(tuple->ob_item, PyTuple_GET_SIZE(object), depth - 1) + ")";
    }
    if (PyList_CheckExact(object)) {
        auto* list = reinterpret_cast<PyListObject*>(object);
        return "[" + sequenceOf(list->ob_item, PyList_GET_SIZE(object), depth - 1) + "]";
    }
    if (PyDict_CheckExact(object)) return "{" + dictOf(object, depth - 1) + "}";
    if (PyAnySet_CheckExact(object)) return std::to_string(PySet_GET_SIZE(object));
    if (PyCell_Check(object)) return elementOf(PyCell_GET(object), depth - 1);
    return "";
}

std::string quoted(std::string_view text) {
    std::string said = "\"";
    for (const char each : text) {
        if (each == '"' || each == '\\') said += '\\';
        said += static_cast<unsigned char>(each) >= ' ' ? each : '?';
    }
    return said + "\"";
}

// Of what is read by index; -1 for all else.
Py_ssize_t lengthOf(PyObject* object) {
    if (PyUnicode_CheckExact(object)) return PyUnicode_GET_LENGTH(object);
    return PyList_CheckExact(object) || PyTuple_CheckExact(object) ? Py_SIZE(object) : -1;
}

bool isOfSubclass(PyObject* object, PyObject* below) {
    if (below == nullptr || Py_REFCNT(below) <= 0 || Py_TYPE(object) == Py_TYPE(below))
        return false;
    return PyType_IsSubtype(Py_TYPE(object), Py_TYPE(below)) != 0;
}

// `below` is what the slot in front of it holds.
std::string slotOf(std::string_view name, PyObject* object, PyObject* below) {
    std::string type, value;
    Py_ssize_t references = 0, length = -1;
    bool subclass = false;
    if (object != nullptr) {
        references = Py_REFCNT(object);
        type = references > 0 ? typeOf(object) : "freed";
        if (references > 0) value = valueOf(object, kDepth);
        if (references > 0) length = lengthOf(object);
        if (references > 0) subclass = isOfSubclass(object, below);
    }
    return "{\"name\":" + quoted(name) + ",\"type\":" + quoted(type) +
           ",\"value\":" + quoted(value) + ",\"references\":" + std::to_string(references) +
           (length < 0 ? "" : ",\"length\":" + std::to_string(length)) +
           (subclass ? ",\"subclass\":true}" : "}");
}

// How many objects the garbage collector knows, but for frames: describing makes some. Asking the
// module gc would be seen by audit hooks.
size_t objectsAlive() {
    size_t alive = 0;
    for (gc_generation& each : PyInterpreterState_Main()->gc.generations) {
        for (auto* head = _PyGCHead_NEXT(&each.head); head != &each.head;
             head = _PyGCHead_NEXT(head)) {
            alive += !PyFrame_Check(reinterpret_cast<PyObject*>(head + 1));
        }
    }
    return alive;
}

// Of the instruction that comes next, in bytes.
size_t offsetOf(_PyInterpreterFrame* frame, const _Py_CODEUNIT* next) {
    while (_Py_OPCODE(*next) == pyjit::OP_EXTENDED_ARG) ++next;
    return static_cast<size_t>(next - pyjit::firstUnit(frame->f_code)) * sizeof(_Py_CODEUNIT);
}

// What the cache of the instruction that comes next relies on and is not so, in code and in the
// helper. A call's is behind KW_NAMES and PRECALL.
std::string unmetAt(_PyInterpreterFrame* frame, const _Py_CODEUNIT* next) {
    PyCodeObject* code = frame->f_code;
    const PyjitCodeInfo* info = pyjit_info_peek(code);
    if (info == nullptr || info->sites == nullptr) return "";
    const pyjit::Bytecode bytecode = pyjit::decode(code);
    const auto start = static_cast<uint32_t>(next - pyjit::firstUnit(code));
    const int32_t index = bytecode.indexOf[pyjit::behindExtendedArgs(code, start)];
    const pyjit::Instr* instr = &bytecode.instrs[static_cast<size_t>(index)];
    while (instr->op == pyjit::OP_KW_NAMES || instr->op == pyjit::OP_PRECALL) ++instr;
    const PyjitSite* site = info->sites[instr->bci];
    if (site == nullptr) return "";
    const char* by_code = pyjit_unmet(site, frame, instr->oparg, 0);
    const char* by_helper = pyjit_unmet(site, frame, instr->oparg, 1);
    return ",\"unmet\":" + quoted(by_code ? by_code : "") +
           ",\"unmet_by_helper\":" + quoted(by_helper ? by_helper : "");
}

void describe(_PyInterpreterFrame* frame, const _Py_CODEUNIT* next, const std::string& more = "") {
    PyCodeObject* code = frame->f_code;
    std::string line = "{\"function\":" + quoted(utf8(code->co_qualname)) +
                       ",\"offset\":" + std::to_string(offsetOf(frame, next)) +
                       ",\"alive\":" + std::to_string(objectsAlive()) + more + ",\"slots\":[";
    for (int i = 0; i < frame->stacktop; ++i) {
        const bool local = i < code->co_nlocalsplus;
        const std::string name = local ? utf8(PyTuple_GET_ITEM(code->co_localsplusnames, i))
                                       : "stack " + std::to_string(i - code->co_nlocalsplus);
        line += (i == 0 ? "" : ",") +
                slotOf(name, frame->localsplus[i], i == 0 ? nullptr : frame->localsplus[i - 1]);
    }
    append(line + "]}\n");
}

// As PyEval_SetTrace, which audit hooks would see.
void trace(Py_tracefunc function) {
    PyThreadState* tstate = PyThreadState_Get();
    tstate->c_tracefunc = function;
    tstate->cframe->use_tracing = function || tstate->c_profilefunc ? 255 : 0;
}

// Called by the interpreter, as a Py_tracefunc.
int follow(PyObject*, PyFrameObject* object, int what, PyObject*) {
    _PyInterpreterFrame* frame = object->f_frame;
    if (!following) {  // another thread has begun anew
        trace(nullptr);
        return 0;
    }
    object->f_trace_opcodes = 1;
    if (what != PyTrace_OPCODE && what != PyTrace_CALL) return 0;
    if (frame->prev_instr == first) return 0;  // the step itself, not yet done
    first = nullptr;
    // Instructions of other functions are no steps of compiled code.
    if (pyjit_may_be_compiled(frame->f_code)) describe(frame, frame->prev_instr);
    if (++followed == kFollowed) pyjit_snapshots_end();
    return 0;
}

// The interpreter calls functions as compiled code does, without us in between, which would keep
// arguments for as long as the call.
void beginFollowing(const _Py_CODEUNIT* next) {
    PyInterpreterState* interpreter = PyInterpreterState_Main();
    evaluator = _PyInterpreterState_GetEvalFrameFunc(interpreter);
    _PyInterpreterState_SetEvalFrameFunc(interpreter, _PyEval_EvalFrameDefault);
    following = true;
    followed = 0;
    first = next;
    trace(follow);
}

}  // namespace

extern "C" int pyjit_snapshots_in(const char* path) {
    char* made = nullptr;
    if (path[0] != '\0') {
        made = static_cast<char*>(pyjit_shared_file(path, kRoom));
        if (made == nullptr) return -1;
    }
    room = made;
    pyjit_snapshots_clear();
    return 0;
}

extern "C" void pyjit_snapshots_end(void) {
    if (!following) return;
    following = false;
    trace(nullptr);
    _PyInterpreterState_SetEvalFrameFunc(PyInterpreterState_Main(), evaluator);
}

extern "C" void pyjit_snapshots_clear(void) {
    pyjit_snapshots_end();
    // Another process that has been forked from the same one may have written more.
    if (room != nullptr) std::memset(room, 0, strnlen(room, kRoom));
    used = 0;
    const bool watched = room != nullptr && pyjit_config.step_limit > 0;
    if (watched) pyjit::CodeMemory::instance().isCode(nullptr);  // has its memory from now on
    pyjit::watchDeath(watched ? describeDeath : nullptr);
}

extern "C" void pyjit_snapshots_go_on(void) {
    if (!following) return;
    PyFrameObject* object = PyEval_GetFrame();  // that of the current frame
    if (object != nullptr) object->f_trace_opcodes = 1;
}

extern "C" void pyjit_snapshots_take(PyThreadState* tstate, _PyInterpreterFrame* frame) {
    if (room == nullptr || used != 0 || tstate->c_tracefunc != nullptr) return;
    const _Py_CODEUNIT* next = frame->prev_instr + 1;
    describe(frame, next, unmetAt(frame, next));
    beginFollowing(next);
    pyjit_snapshots_go_on();
}
