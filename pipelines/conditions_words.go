package pipelines

// What a condition says of a failure is its kind. The error itself may quote an address or what a
// server answered; it stays with the run.
func failureWords(exitCode int) [2]string {
	switch exitCode {
	case ExitUsage:
		return [2]string{"konfigurasinya keliru atau tidak lengkap", "its configuration is wrong or incomplete"}
	case ExitGate:
		return [2]string{"tidak lolos pemeriksaan", "it did not pass the checks"}
	case ExitUnavailable:
		return [2]string{"sumbernya tidak dapat dihubungi", "its source cannot be reached"}
	case ExitLocked:
		return [2]string{"proses lain sedang bekerja", "another process was at work"}
	case ExitMissingHelper:
		return [2]string{"program pembantu tidak terpasang", "a helper program is not installed"}
	}
	return [2]string{"prosesnya gagal", "the process failed"}
}

var volumeWords = map[int][2]string{
	-1: {"lebih sedikit daripada biasanya", "has fewer records than usual"},
	1:  {"lebih banyak daripada biasanya", "has more records than usual"},
}

var partWords = map[string][2]string{
	"log": {"Catatan data", "The commit log"}, "ledger": {"Buku kerja", "The ledger"},
	"releases": {"Folder rilis", "The folder of releases"}, "disk": {"Ruang bebas", "The free space"},
}
