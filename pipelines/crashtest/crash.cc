#include <cstring>
#include <thread>
#include <unistd.h>

#include "crash.h"

// Nobody catches what leaves these: that is how a fault in a library looks.

void crashtest_fault() noexcept { *reinterpret_cast<volatile int *>(8) = 1; }

void crashtest_fault_elsewhere() noexcept { std::thread(crashtest_fault).join(); }

void crashtest_hang() noexcept {
	for (;;) {
		pause();
	}
}

void crashtest_leak() noexcept {
	for (;;) {
		std::memset(new char[1 << 20], 1, 1 << 20);
	}
}
