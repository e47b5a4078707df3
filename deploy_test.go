package lindung_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// directives are what the unit may say, by section: a word that systemd does not know is only a
// warning there, and a protection that is not in force.
var directives = map[string]string{
	"Unit": "Description After Wants RequiresMountsFor StartLimitIntervalSec StartLimitBurst",
	"Service": `Type NotifyAccess ExecStart ExecReload User Group UMask EnvironmentFile TimeoutStartSec KillMode TimeoutStopSec WatchdogSec
		Restart RestartSec RestartPreventExitStatus OOMPolicy LimitNOFILE LimitCORE TasksMax ProtectSystem ReadWritePaths ProtectHome PrivateTmp
		PrivateDevices ProtectProc ProtectClock ProtectControlGroups ProtectHostname ProtectKernelLogs ProtectKernelModules ProtectKernelTunables
		RemoveIPC NoNewPrivileges CapabilityBoundingSet AmbientCapabilities PrivateUsers RestrictNamespaces RestrictRealtime RestrictSUIDSGID
		RestrictAddressFamilies LockPersonality MemoryDenyWriteExecute SystemCallArchitectures SystemCallFilter SystemCallErrorNumber`,
	"Install": "WantedBy",
}

// demanded is what the unit has to say, word for word.
var demanded = map[string][]string{
	"Type": {"notify"}, "NotifyAccess": {"main"}, "TimeoutStopSec": {"30"}, "WatchdogSec": {"60"}, "Restart": {"on-failure"}, "RestartPreventExitStatus": {"2"},
	"KillMode": {"mixed"}, "OOMPolicy": {"continue"}, "LimitCORE": {"0"}, "LimitNOFILE": {"65536"}, "User": {"lindung"},
	"ExecReload": {"/bin/kill -HUP $MAINPID"}, "ProtectSystem": {"strict"}, "ProtectHome": {"yes"}, "PrivateTmp": {"yes"}, "NoNewPrivileges": {"yes"},
	"CapabilityBoundingSet": {""}, "AmbientCapabilities": {""}, "MemoryDenyWriteExecute": {"yes"}, "SystemCallFilter": {"@system-service", "~@privileged"},
	"RestrictAddressFamilies": {"AF_INET AF_INET6 AF_UNIX"},
}

const unitFile = "deploy/lindung.service"

// readUnit reads a unit strictly: sections, directives that are known, each once unless it is a list.
func readUnit(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(unitFile)
	if err != nil {
		t.Fatal(err)
	}
	unit, section := map[string][]string{}, ""
	for i, line := range strings.Split(string(text), "\n") {
		name, value, assigns := strings.Cut(line, "=")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			section = strings.Trim(line, "[]")
			if directives[section] == "" {
				t.Errorf("%s:%d: section %s is not known", unitFile, i+1, section)
			}
		case !assigns || strings.TrimSpace(name) != name || strings.TrimSpace(value) != value:
			t.Errorf("%s:%d: %q is no NAME=VALUE", unitFile, i+1, line)
		case !slices.Contains(strings.Fields(directives[section]), name):
			t.Errorf("%s:%d: %s is not known in [%s]", unitFile, i+1, name, section)
		case len(unit[name]) > 0 && name != "SystemCallFilter":
			t.Errorf("%s:%d: %s stands twice", unitFile, i+1, name)
		default:
			unit[name] = append(unit[name], value)
		}
	}
	return unit
}

// The service may do what it needs, nothing else, and its parts agree with each other and with the documents.
func TestTheServiceUnit(t *testing.T) {
	unit := readUnit(t)
	for name, want := range demanded {
		if !slices.Equal(unit[name], want) {
			t.Errorf("%s is %q, want %q", name, unit[name], want)
		}
	}
	start := strings.Fields(strings.Join(unit["ExecStart"], ""))
	if len(start) != 4 || start[1] != "serve" || start[2] != "--dir" {
		t.Fatalf("ExecStart is %v", start)
	}
	project := start[3]
	for _, name := range []string{"ReadWritePaths", "RequiresMountsFor"} {
		if !slices.Equal(unit[name], []string{project}) {
			t.Errorf("%s is %q where the project lies in %s", name, unit[name], project)
		}
	}
	document, err := os.ReadFile("docs/operations/keeping.md")
	if err != nil {
		t.Fatal(err)
	}
	environment := strings.TrimPrefix(strings.Join(unit["EnvironmentFile"], ""), "-")
	for _, said := range []string{project, start[0], environment, unitFile} {
		if !strings.Contains(string(document), said) {
			t.Errorf("docs/operations/keeping.md does not speak of %s", said)
		}
	}
}

// Where systemd is, it judges the unit itself.
func TestSystemdAcceptsTheUnit(t *testing.T) {
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		t.Skip("no systemd-analyze")
	}
	text, err := os.ReadFile(unitFile)
	if err != nil {
		t.Fatal(err)
	}
	// The program is not installed here; everything else stays as it is.
	here := filepath.Join(t.TempDir(), "lindung.service")
	shown := regexp.MustCompile(`(?m)^ExecStart=\S+`).ReplaceAll(text, []byte("ExecStart=/bin/true"))
	if err := os.WriteFile(here, shown, 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("systemd-analyze", "verify", "--man=no", here).CombinedOutput(); err != nil || strings.Contains(string(out), "lindung.service:") {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
	// 0 is a service that can do nothing, 100 one that can do everything.
	out, err := exec.Command("systemd-analyze", "security", "--no-pager", "--offline=yes", "--threshold=20", here).CombinedOutput()
	if err != nil && strings.Contains(string(out), "unrecognized option") {
		t.Skip("this systemd-analyze judges running services only")
	}
	if err != nil {
		t.Errorf("systemd-analyze security: %v\n%s", err, out)
	}
}

var instruction = regexp.MustCompile(`^([A-Z]+) (.+)$`)

// The image is built from named bases, runs as nobody, and writes nowhere but in the project folder. Building it needs
// a container engine, which tests do not have; this reads it.
func TestTheContainerfile(t *testing.T) {
	text, err := os.ReadFile("deploy/Containerfile")
	if err != nil {
		t.Fatal(err)
	}
	known := strings.Fields("FROM WORKDIR COPY RUN ARG USER VOLUME STOPSIGNAL ENTRYPOINT CMD")
	var stages [][][2]string
	joined := regexp.MustCompile(`(?m)\\\n`).ReplaceAllString(string(text), "")
	for i, line := range strings.Split(joined, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		m := instruction.FindStringSubmatch(line)
		if m == nil || !slices.Contains(known, m[1]) {
			t.Fatalf("instruction %d, %q, is not known", i+1, line)
		}
		if m[1] == "FROM" {
			stages = append(stages, nil)
		}
		stages[len(stages)-1] = append(stages[len(stages)-1], [2]string{m[1], m[2]})
	}
	if len(stages) != 2 {
		t.Fatalf("%d stages, want one that builds and one that runs", len(stages))
	}
	base := regexp.MustCompile(`^docker\.io/library/(golang|debian):[a-z0-9.-]*bookworm[a-z-]*( AS [a-z]+)?$`)
	for _, stage := range stages {
		if !base.MatchString(stage[0][1]) {
			t.Errorf("the base %q is not one of the official images, pinned to a release", stage[0][1])
		}
	}
	goVersion := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(readText(t, "go.mod"))[1]
	if !strings.Contains(stages[0][0][1], "golang:"+goVersion+"-") {
		t.Errorf("the image builds with %s, go.mod wants %s", stages[0][0][1], goVersion)
	}
	last := func(name string) (value string) {
		for _, i := range stages[1] {
			if i[0] == name {
				value = i[1]
			}
		}
		return value
	}
	for name, want := range map[string]string{"USER": "10001:10001", "VOLUME": `["/srv/lindung"]`, "ENTRYPOINT": `["/usr/local/bin/lindung"]`,
		"CMD": `["serve", "--dir", "/srv/lindung"]`, "STOPSIGNAL": "SIGTERM"} {
		if got := last(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if strings.Contains(joined, "ADD ") || strings.Contains(joined, "curl") || strings.Contains(joined, ":latest") {
		t.Error("something comes from where it is not pinned")
	}
	if !strings.Contains(joined, "COPY --from=build /out/lindung /usr/local/bin/lindung") {
		t.Error("what runs is not what was built")
	}
}

func readText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
