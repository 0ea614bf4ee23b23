/* Test-only extension module: calls the helpers of src/runtime from Python, one by one.
 *
 * It is compiled by conftest.py together with the real sources. Helpers that want a frame get
 * that of the Python function that calls the wrapper, and those that want a site a Site
 * (site_object.c).
 */
#include "runtime/caches.h"
#include "runtime/dunders.h"
#include "site_object.h"
#include <frameobject.h>

PyjitConfig pyjit_config = {.inline_caches = PYJIT_ENTRIES};
PyjitCounters pyjit_counters;
#ifdef PYJIT_FAULTS
PyjitFault pyjit_active_fault;
static PyjitCanary canary;
PyjitCanary *pyjit_canary = &canary;
#endif

#define PARSE(...) \
    if (!PyArg_ParseTuple(args, __VA_ARGS__)) return NULL
#define WRAP(name) static PyObject *wrap_##name(PyObject *Py_UNUSED(module), PyObject *args)

static _PyInterpreterFrame *caller(void) { return PyEval_GetFrame()->f_frame; }

static PyObject *status(int result) /* an int helper that returns 0 or -1 */
{
    if (result < 0) return NULL;
    return PyLong_FromLong(result);
}

WRAP(binary_op) {
    PyjitSite *site;
    PyObject *left, *right;
    int oparg;
    PARSE("O&OOi", to_site, &site, &left, &right, &oparg);
    return pyjit_binary_op(site, left, right, oparg);
}

WRAP(binary_builtin) {
    PyjitSite *site;
    PyObject *left, *right;
    int oparg;
    PARSE("O&OOi", to_site, &site, &left, &right, &oparg);
    return pyjit_binary_builtin(site, left, right, oparg);
}

WRAP(compare) {
    PyjitSite *site;
    PyObject *left, *right;
    int op;
    PARSE("O&OOi", to_site, &site, &left, &right, &op);
    return pyjit_compare(site, left, right, op);
}

WRAP(compare_bool) {
    PyjitSite *site;
    PyObject *left, *right;
    int op;
    PARSE("O&OOi", to_site, &site, &left, &right, &op);
    PyObject *other;
    int answer = pyjit_compare_bool(site, left, right, op, &other);
    if (answer == 2) { /* as generated code goes on */
        answer = pyjit_is_true(other);
        Py_DECREF(other);
    }
    return status(answer);
}

WRAP(is_true) {
    PyObject *value;
    PARSE("O", &value);
    return status(pyjit_is_true(value));
}

WRAP(float_new) {
    double value;
    PARSE("d", &value);
    return pyjit_float_new(value);
}

WRAP(int_new) {
    long long value;
    PARSE("L", &value);
    return pyjit_int_new(value);
}

WRAP(float_power) {
    double left, right;
    PARSE("dd", &left, &right);
    return pyjit_float_power(left, right);
}

WRAP(binary_subscr) {
    PyjitSite *site;
    PyObject *container, *key;
    PARSE("O&OO", to_site, &site, &container, &key);
    return pyjit_binary_subscr(site, container, key);
}

WRAP(store_subscr) {
    PyjitSite *site;
    PyObject *container, *key, *value;
    PARSE("O&OOO", to_site, &site, &container, &key, &value);
    return status(pyjit_store_subscr(site, container, key, value));
}

WRAP(delete_subscr) {
    PyObject *container, *key;
    PARSE("OO", &container, &key);
    return status(pyjit_delete_subscr(container, key));
}

WRAP(load_attr) {
    PyjitSite *site;
    PyObject *owner, *name;
    PARSE("O&OU", to_site, &site, &owner, &name);
    return pyjit_load_attr(site, owner, name);
}

WRAP(store_attr) {
    PyjitSite *site;
    PyObject *owner, *name, *value;
    PARSE("O&OUO", to_site, &site, &owner, &name, &value);
    return status(pyjit_store_attr(site, owner, name, value));
}

WRAP(delete_attr) {
    PyObject *owner, *name;
    PARSE("OU", &owner, &name);
    return status(pyjit_delete_attr(owner, name));
}

/* (function, owner) or (bound,) */
WRAP(load_method) {
    PyjitSite *site;
    PyObject *owner, *name, *out[2] = {NULL, NULL};
    PARSE("O&OU", to_site, &site, &owner, &name);
    if (pyjit_load_method(site, owner, name, out) < 0) return NULL;
    return out[0] == NULL ? Py_BuildValue("(N)", out[1]) : Py_BuildValue("(NN)", out[0], out[1]);
}

WRAP(load_global) {
    PyjitSite *site;
    PyObject *name;
    PARSE("O&U", to_site, &site, &name);
    return pyjit_load_global(site, caller(), name);
}

#define WRAP_STORE(name)                                   \
    WRAP(name) {                                           \
        PyObject *key, *value;                             \
        PARSE("UO", &key, &value);                         \
        return status(pyjit_##name(caller(), key, value)); \
    }
#define WRAP_DELETE(name)                           \
    WRAP(name) {                                    \
        PyObject *key;                              \
        PARSE("U", &key);                           \
        return status(pyjit_##name(caller(), key)); \
    }
WRAP_STORE(store_global)
WRAP_STORE(store_name)
WRAP_DELETE(delete_global)
WRAP_DELETE(delete_name)

WRAP(load_name) {
    PyObject *name;
    PARSE("U", &name);
    return pyjit_load_name(caller(), name);
}

WRAP(load_classderef) {
    int index;
    PARSE("i", &index);
    return pyjit_load_classderef(caller(), index);
}

WRAP(raise_unbound_local) {
    PyCodeObject *code;
    int index;
    PARSE("O!i", &PyCode_Type, &code, &index);
    pyjit_raise_unbound_local(code, index);
    return NULL;
}

WRAP(raise_unbound_deref) {
    PyCodeObject *code;
    int index;
    PARSE("O!i", &PyCode_Type, &code, &index);
    pyjit_raise_unbound_deref(code, index);
    return NULL;
}

WRAP(setup_annotations) {
    PARSE("");
    return status(pyjit_setup_annotations(caller()));
}

/* An operand stack: references to the items of a tuple, or those of a list, which is emptied, so
 * that the helper has the last ones. */
enum { STACK_SIZE = 512 };
typedef struct {
    int n;
    PyObject *base[STACK_SIZE];
} Stack;

static int to_stack(PyObject *value, Stack *stack) {
    if ((!PyTuple_Check(value) && !PyList_Check(value)) || Py_SIZE(value) > STACK_SIZE) {
        PyErr_SetString(PyExc_TypeError, "a tuple or list of operands is wanted");
        return 0;
    }
    stack->n = (int)Py_SIZE(value);
    for (int i = 0; i < stack->n; i++) {
        stack->base[i] = Py_NewRef(PySequence_Fast_GET_ITEM(value, i));
    }
    return !PyList_Check(value) || PyList_SetSlice(value, 0, stack->n, NULL) == 0;
}

#define WRAP_BUILD(name, divisor)                           \
    WRAP(name) {                                            \
        Stack stack;                                        \
        PARSE("O&", to_stack, &stack);                      \
        return pyjit_##name(stack.base, stack.n / divisor); \
    }
WRAP_BUILD(build_tuple, 1)
WRAP_BUILD(build_list, 1)
WRAP_BUILD(build_set, 1)
WRAP_BUILD(build_map, 2)
WRAP_BUILD(build_string, 1)

WRAP(build_const_key_map) {
    PyObject *keys;
    Stack stack;
    PARSE("OO&", &keys, to_stack, &stack);
    return pyjit_build_const_key_map(stack.base, stack.n, keys);
}

#define WRAP_TWO(name)                                 \
    WRAP(name) {                                       \
        PyObject *container, *value;                   \
        PARSE("OO", &container, &value);               \
        return status(pyjit_##name(container, value)); \
    }
WRAP_TWO(list_append)
WRAP_TWO(set_add)
WRAP_TWO(list_extend)
WRAP_TWO(set_update)
WRAP_TWO(dict_update)

WRAP(map_add) {
    PyObject *dict, *key, *value;
    PARSE("OOO", &dict, &key, &value);
    return status(pyjit_map_add(dict, key, value));
}

WRAP(dict_merge) {
    PyObject *dict, *update, *function;
    PARSE("OOO", &dict, &update, &function);
    return status(pyjit_dict_merge(dict, update, function));
}

WRAP(format_value) {
    PyObject *value, *spec;
    int oparg;
    PARSE("OOi", &value, &spec, &oparg);
    return pyjit_format_value(value, oparg & FVS_MASK ? spec : NULL, oparg);
}

/* The slots written, first target first; NULL with an exception. */
static PyObject *unpacked(int failed, PyObject **top, int n) {
    if (failed) return NULL;
    PyObject *result = PyTuple_New(n);
    for (int i = 0; result != NULL && i < n; i++) PyTuple_SET_ITEM(result, i, top[n - 1 - i]);
    return result;
}

WRAP(unpack_sequence) {
    PyjitSite *site;
    PyObject *sequence, *top[STACK_SIZE];
    int n;
    PARSE("O&Oi", to_site, &site, &sequence, &n);
    return unpacked(pyjit_unpack_sequence(site, sequence, n, top), top, n);
}

WRAP(unpack_ex) {
    PyObject *sequence, *top[STACK_SIZE];
    int before, after;
    PARSE("Oii", &sequence, &before, &after);
    return unpacked(pyjit_unpack_ex(sequence, before, after, top), top, before + 1 + after);
}

/* Nothing is compiled here, and so no frame pushed either. */
int pyjit_call_plain(PyThreadState *tstate, PyFunctionObject *function, PyObject *const *args,
                     Py_ssize_t nargs, PyObject **result) {
    (void)tstate;
    *result = PyObject_Vectorcall((PyObject *)function, args, (size_t)nargs, NULL);
    return 1;
}

/* Nothing is compiled here, so nothing can be compiled again. */
void pyjit_outgrown(const PyjitSite *site) { (void)site; }

/* Nothing is compiled here: every generator is resumed through its type's slot. */
PyObject *pyjit_next(PyThreadState *tstate, PyObject *iterator) {
    (void)tstate;
    return Py_TYPE(iterator)->tp_iternext(iterator);
}

/* (item,), or () at the end */
WRAP(for_iter) {
    PyjitSite *site;
    PyObject *iterator;
    PARSE("O&O", to_site, &site, &iterator);
    PyObject *item = pyjit_for_iter(PyThreadState_Get(), site, iterator);
    if (item == NULL) return PyErr_Occurred() ? NULL : PyTuple_New(0);
    return Py_BuildValue("(N)", item);
}

/* Calls `body()` as an except block that handles `exception`; returns (previous, sys.exception
   within, result of the body). */
WRAP(handle) {
    PyObject *exception, *body;
    PARSE("OO", &exception, &body);
    PyThreadState *tstate = PyThreadState_Get();
    PyObject *previous = pyjit_push_exc_info(tstate, exception);
    PyObject *seen = Py_NewRef(previous);
    PyObject *result = PyObject_CallNoArgs(body);
    pyjit_pop_except(tstate, previous);
    if (result == NULL) {
        Py_DECREF(seen);
        return NULL;
    }
    return Py_BuildValue("(NN)", seen, result);
}

WRAP(check_exc_match) {
    PyObject *exception, *type;
    PARSE("OO", &exception, &type);
    return status(pyjit_check_exc_match(PyThreadState_Get(), exception, type));
}

/* raise_varargs(bare_log[, exception[, cause]]): appends what the helper returned to bare_log */
WRAP(raise_varargs) {
    PyObject *log, *exception = NULL, *cause = NULL;
    PARSE("O|OO", &log, &exception, &cause);
    int bare = pyjit_raise_varargs(PyThreadState_Get(), Py_XNewRef(exception), Py_XNewRef(cause));
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyObject *flag = PyLong_FromLong(bare);
    int failed = flag == NULL || PyList_Append(log, flag) < 0;
    Py_XDECREF(flag);
    if (!failed) PyErr_Restore(type, value, traceback);
    return NULL;
}

WRAP(reraise) {
    PyObject *exception;
    PARSE("O", &exception);
    pyjit_reraise(PyThreadState_Get(), Py_NewRef(exception));
    return NULL;
}

WRAP(with_except_start) {
    PyObject *exit_function, *exception;
    PARSE("OO", &exit_function, &exception);
    return pyjit_with_except_start(exit_function, exception);
}

#define WRAP_ENTER(name)                                    \
    WRAP(name) {                                            \
        PyObject *manager, *base[2];                        \
        PARSE("O", &manager);                               \
        base[0] = Py_NewRef(manager);                       \
        if (pyjit_##name(PyThreadState_Get(), base) == 0) { \
            return Py_BuildValue("(NN)", base[0], base[1]); \
        }                                                   \
        Py_DECREF(base[0]);                                 \
        return NULL;                                        \
    }
WRAP_ENTER(before_with)
WRAP_ENTER(before_async_with)

/* (rest, match); what the caller handles becomes the match */
WRAP(check_eg_match) {
    PyObject *exception, *type;
    PARSE("OO", &exception, &type);
    PyObject *base[] = {Py_NewRef(exception), Py_NewRef(type)};
    if (pyjit_check_eg_match(base) == 0) return Py_BuildValue("(NN)", base[0], base[1]);
    Py_DECREF(base[0]);
    return NULL;
}

WRAP(prep_reraise_star) {
    PyObject *original, *exceptions;
    PARSE("OO!", &original, &PyList_Type, &exceptions);
    return pyjit_prep_reraise_star(original, exceptions);
}

WRAP(get_awaitable) {
    PyObject *value;
    int oparg;
    PARSE("Oi", &value, &oparg);
    return pyjit_get_awaitable(value, oparg);
}

WRAP(get_aiter) {
    PyObject *value;
    PARSE("O", &value);
    return pyjit_get_aiter(Py_NewRef(value));
}

WRAP(get_anext) {
    PyObject *iterator;
    PARSE("O", &iterator);
    return pyjit_get_anext(iterator);
}

WRAP(print_expr) {
    PyObject *value;
    PARSE("O", &value);
    return status(pyjit_print_expr(PyThreadState_Get(), Py_NewRef(value)));
}

WRAP(get_len) {
    PyObject *subject;
    PARSE("O", &subject);
    return pyjit_get_len(subject);
}

WRAP(match_keys) {
    PyObject *subject, *keys;
    PARSE("OO!", &subject, &PyTuple_Type, &keys);
    return pyjit_match_keys(subject, keys);
}

WRAP(match_class) {
    PyObject *subject, *type, *keywords;
    long long nargs;
    PARSE("OOLO!", &subject, &type, &nargs, &PyTuple_Type, &keywords);
    return pyjit_match_class(subject, type, nargs, keywords);
}

WRAP(make_function) {
    PyObject *code;
    Stack stack;
    int flags;
    PARSE("OO&i", &code, to_stack, &stack, &flags);
    return pyjit_make_function(caller(), code, stack.base, flags);
}

WRAP(load_build_class) {
    PARSE("");
    return pyjit_load_build_class(caller());
}

WRAP(import_name) {
    PyObject *name, *fromlist, *level;
    PARSE("UOO", &name, &fromlist, &level);
    return pyjit_import_name(PyThreadState_Get(), caller(), name, fromlist, level);
}

WRAP(import_from) {
    PyObject *module, *name;
    PARSE("OU", &module, &name);
    return pyjit_import_from(PyThreadState_Get(), module, name);
}

WRAP(import_star) {
    PyObject *module;
    PARSE("O", &module);
    return status(pyjit_import_star(PyThreadState_Get(), caller(), module));
}

/* --- What tests set and read ------------------------------------------------------- */

WRAP(set_inline_caches) {
    long long n;
    PARSE("L", &n);
    pyjit_config.inline_caches = n;
    Py_RETURN_NONE;
}

WRAP(counters) {
    PARSE("");
    return Py_BuildValue("{s:K,s:K}", "slow_paths", pyjit_counters.slow_paths, "guard_failures",
                         pyjit_counters.guard_failures);
}

#ifdef PYJIT_FAULTS
WRAP(set_fault) {
    static const char *const names[] = {
        "none",
#define FAULT_ROW(ident, name, ...) name,
#include "faults.def"
#undef FAULT_ROW
    };
    const char *wanted;
    PARSE("s", &wanted);
    for (size_t i = 0; i < Py_ARRAY_LENGTH(names); i++) {
        if (strcmp(names[i], wanted) == 0) {
            pyjit_active_fault = (PyjitFault)i;
            Py_RETURN_NONE;
        }
    }
    return PyErr_Format(PyExc_ValueError, "no fault is called %s", wanted);
}
#endif

#define METHOD(name) {#name, wrap_##name, METH_VARARGS, NULL}
static PyMethodDef methods[] = {
    METHOD(binary_op),
    METHOD(binary_builtin),
    METHOD(compare),
    METHOD(compare_bool),
    METHOD(is_true),
    METHOD(float_new),
    METHOD(int_new),
    METHOD(float_power),
    METHOD(binary_subscr),
    METHOD(store_subscr),
    METHOD(delete_subscr),
    METHOD(load_attr),
    METHOD(store_attr),
    METHOD(delete_attr),
    METHOD(load_method),
    METHOD(load_global),
    METHOD(store_global),
    METHOD(delete_global),
    METHOD(load_name),
    METHOD(store_name),
    METHOD(delete_name),
    METHOD(load_classderef),
    METHOD(raise_unbound_local),
    METHOD(raise_unbound_deref),
    METHOD(setup_annotations),
    METHOD(build_tuple),
    METHOD(build_list),
    METHOD(build_set),
    METHOD(build_map),
    METHOD(build_const_key_map),
    METHOD(build_string),
    METHOD(list_append),
    METHOD(set_add),
    METHOD(map_add),
    METHOD(list_extend),
    METHOD(set_update),
    METHOD(dict_update),
    METHOD(dict_merge),
    METHOD(format_value),
    METHOD(unpack_sequence),
    METHOD(unpack_ex),
    METHOD(for_iter),
    METHOD(handle),
    METHOD(check_exc_match),
    METHOD(raise_varargs),
    METHOD(reraise),
    METHOD(with_except_start),
    METHOD(before_with),
    METHOD(before_async_with),
    METHOD(check_eg_match),
    METHOD(prep_reraise_star),
    METHOD(get_awaitable),
    METHOD(get_aiter),
    METHOD(get_anext),
    METHOD(print_expr),
    METHOD(get_len),
    METHOD(match_keys),
    METHOD(match_class),
    METHOD(make_function),
    METHOD(load_build_class),
    METHOD(import_name),
    METHOD(import_from),
    METHOD(import_star),
    METHOD(set_inline_caches),
    METHOD(counters),
#ifdef PYJIT_FAULTS
    METHOD(set_fault),
#endif
    {NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "_helpers", .m_size = -1,
                                        .m_methods = methods};

static const struct {
    const char *name;
    int value;
} constants[] = {
    {"VALUE", PYJIT_ATTR_VALUE},
    {"DICT", PYJIT_ATTR_DICT},
    {"SLOT", PYJIT_ATTR_SLOT},
    {"CLASS", PYJIT_ATTR_CLASS},
    {"METHOD", PYJIT_ATTR_METHOD},
    {"PROPERTY", PYJIT_ATTR_PROPERTY},
    {"MODULE", PYJIT_ATTR_MODULE},
    {"TYPE", PYJIT_ATTR_TYPE},
    {"DEFAULT", PYJIT_ATTR_DEFAULT},
    {"OWN_CLASS", PYJIT_ATTR_OWN_CLASS},
    {"OTHER", PYJIT_ATTR_OTHER},
    {"SEEN_INT", PYJIT_SEEN_INT},
    {"SEEN_BIGINT", PYJIT_SEEN_BIGINT},
    {"SEEN_FLOAT", PYJIT_SEEN_FLOAT},
    {"SEEN_STR", PYJIT_SEEN_STR},
    {"SEEN_LIST", PYJIT_SEEN_LIST},
    {"SEEN_TUPLE", PYJIT_SEEN_TUPLE},
    {"SEEN_DICT", PYJIT_SEEN_DICT},
    {"SEEN_OTHER", PYJIT_SEEN_OTHER},
    {"SEEN_BUILTIN", PYJIT_SEEN_BUILTIN},
    {"SEEN_RANGE_ITER", PYJIT_SEEN_RANGE_ITER},
    {"SEEN_LIST_ITER", PYJIT_SEEN_LIST_ITER},
    {"SEEN_TUPLE_ITER", PYJIT_SEEN_TUPLE_ITER},
};

PyMODINIT_FUNC PyInit__helpers(void) {
    PyObject *module = PyModule_Create(&definition);
    if (module == NULL || PyModule_AddType(module, &SiteType) < 0) return NULL;
    for (size_t i = 0; i < Py_ARRAY_LENGTH(constants); i++) {
        if (PyModule_AddIntConstant(module, constants[i].name, constants[i].value) < 0) return NULL;
    }
    return module;
}
