/* Test-only: see site_object.c. */
#ifndef PYJIT_TESTS_SITE_OBJECT_H
#define PYJIT_TESTS_SITE_OBJECT_H

#include "runtime/runtime.h"
#include "runtime/site.h"

extern PyTypeObject SiteType;

/* Argument converter: a Site, or None for NULL. */
int to_site(PyObject *value, PyjitSite **site);

#endif
