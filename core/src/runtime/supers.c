/* `super().name(…)` without the object in between: supers.c of helpers.def.
 *
 * Contract
 *  - What cannot be done here in silence, wrong calls of super() above all, is not done: the
 *    instructions themselves find out what is wrong, and say so.
 *  - The call's site remembers the last answer: slow[2] has the version of the instance's type and
 *    the function, borrowed while that version stands; slow[3].value is the class whose method
 *    asks, to be compared only. A call uses neither otherwise.
 */
#include "runtime.h"
#include "dictkeys.h"

/* The object behind a local, which may live in a cell; NULL: there is none. */
static PyObject *local_value(const _PyInterpreterFrame *frame, int index) {
    PyObject *value = frame->localsplus[index];
    const unsigned char kind = _PyLocals_GetKind(frame->f_code->co_localspluskinds, index);
    const int in_cell = (kind & (CO_FAST_CELL | CO_FAST_FREE)) != 0;
    return value != NULL && in_cell && PyCell_Check(value) ? PyCell_GET(value) : value;
}

/* The function `name` of the first class behind `type` in the method resolution order; NULL:
   something else is there, or nothing. */
static PyObject *function_behind(PyTypeObject *type, PyTypeObject *of, PyObject *name) {
    PyObject *mro = of->tp_mro;
    const Py_ssize_t count = mro == NULL ? 0 : PyTuple_GET_SIZE(mro);
    Py_ssize_t i = 0;
    while (i < count && PyTuple_GET_ITEM(mro, i) != (PyObject *)type) i++;
    for (i++; i < count; i++) {
        PyObject *dict = ((PyTypeObject *)PyTuple_GET_ITEM(mro, i))->tp_dict;
        if (dict == NULL || !pyjit_dict_is_plain(dict)) return NULL;
        PyObject *found = PyDict_GetItemWithError(dict, name);
        if (found != NULL) return Py_IS_TYPE(found, &PyFunction_Type) ? found : NULL;
    }
    return NULL;
}

int pyjit_super_method(_PyInterpreterFrame *frame, PyjitSite *site, PyObject *name, int cell,
                       PyObject **out) {
    PyObject *self = local_value(frame, 0), *class = local_value(frame, cell);
    if (self == NULL || class == NULL || !PyType_Check(class) || PyType_Check(self)) return 0;
    PyTypeObject *of = Py_TYPE(self);
    PyjitEntry *known = &site->slow[2];
    int elsewhere = site->slow[3].value != class;
    if (FAULT_IF(SUPER_CLASS, elsewhere)) elsewhere = 0;
    if (known->version != of->tp_version_tag || elsewhere ||
        !(of->tp_flags & Py_TPFLAGS_VALID_VERSION_TAG)) {
        PyObject *function = function_behind((PyTypeObject *)class, of, name);
        if (function == NULL) return 0;
        /* This gives the type a version, if there are any left. */
        _PyType_Lookup(of, name);
        if (!(of->tp_flags & Py_TPFLAGS_VALID_VERSION_TAG)) return 0;
        known->version = of->tp_version_tag;
        known->value = function;
        site->slow[3].value = class;
    }
    out[0] = Py_NewRef((PyObject *)known->value);
    out[1] = Py_NewRef(self);
    return 1;
}
