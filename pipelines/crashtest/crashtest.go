// Package crashtest ends the process that calls it the ways in which a C++ library does: out of the
// reach of Go's recover, and on threads that Go did not start. Tests call it in child processes.
//
// It must not be known by anything but tests.
package crashtest

// #include "crash.h"
import "C"

// Fault writes where nothing is, in C++.
func Fault() { C.crashtest_fault() }

// FaultElsewhere does so on a thread that Go knows nothing of, as DuckDB's workers are.
func FaultElsewhere() { C.crashtest_fault_elsewhere() }

// Hang waits in C++ for ever, and uses no processor time.
func Hang() { C.crashtest_hang() }

// Leak takes memory in C++ until there is no more, and does not catch what that throws.
func Leak() { C.crashtest_leak() }
