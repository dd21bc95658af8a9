#pragma once

/// Stands where a header opens namespace conv1d. What a compiler makes of the headers in a shared library
/// (inline functions, vtables, templates, the standard library's templates of conv1d's types) then stays in
/// it, whatever visibility it is compiled with: it calls that library's copy of conv1d, which has kernels of
/// its own. What is compiled for a program, without -fPIC or with -fPIE, is left as it is.
///
/// g++ then hides every function with a type of conv1d in its signature, unless it or its class has
/// __attribute__((visibility("default"))), and warns of every class with a member of such a type. That
/// warning is a part of -Wattributes, which is therefore off in g++ after this header.
#if defined(__PIC__) && !defined(__PIE__)
#define CONV1D_HIDDEN [[gnu::visibility("hidden")]]
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wattributes"
#endif
#else
#define CONV1D_HIDDEN
#endif
