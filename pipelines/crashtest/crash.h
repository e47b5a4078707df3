#ifdef __cplusplus
extern "C" {
#define CRASHTEST_NOEXCEPT noexcept
#else
#define CRASHTEST_NOEXCEPT
#endif

void crashtest_fault(void) CRASHTEST_NOEXCEPT;
void crashtest_fault_elsewhere(void) CRASHTEST_NOEXCEPT;
void crashtest_hang(void) CRASHTEST_NOEXCEPT;
void crashtest_leak(void) CRASHTEST_NOEXCEPT;

#ifdef __cplusplus
}
#endif
