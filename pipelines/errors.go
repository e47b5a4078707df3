package pipelines

import (
	"context"
	"errors"
	"fmt"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/warehouse"
)

// The documented exit codes of the program: a scheduler or a script decides by them.
const (
	ExitOK            = 0
	ExitFailed        = 1
	ExitUsage         = 2
	ExitGate          = 3
	ExitUnavailable   = 4
	ExitLocked        = 5
	ExitMissingHelper = 6
	ExitPlanned       = 10
	ExitInterrupted   = 130
)

// An Error is a failure with the exit code that a script needs to tell it from others.
type Error struct {
	Code    int
	Message string
	cause   error
}

// Error gives the message, which says what is wrong, where, and what to do.
func (e *Error) Error() string { return e.Message }

// Unwrap gives the cause, where the failure happened in this process.
func (e *Error) Unwrap() error { return e.cause }

func failure(code int, err error) *Error {
	return &Error{Code: code, Message: err.Error(), cause: err}
}

func gatef(format string, args ...any) *Error {
	return &Error{Code: ExitGate, Message: fmt.Sprintf(format, args...)}
}

func usagef(format string, args ...any) *Error {
	return &Error{Code: ExitUsage, Message: fmt.Sprintf(format, args...)}
}

// ExitCode maps an error to the program's exit code.
func ExitCode(err error) int {
	var (
		coded  *Error
		config configs.Errors
		gate   *warehouse.GateError
		locked *lake.LockedError
	)
	switch {
	case err == nil:
		return ExitOK
	case errors.As(err, &coded):
		return coded.Code
	case errors.Is(err, context.Canceled):
		return ExitInterrupted
	case errors.As(err, &config):
		return ExitUsage
	case errors.As(err, &gate):
		return ExitGate
	case errors.As(err, &locked):
		return ExitLocked
	case errors.Is(err, connectors.ErrUnavailable):
		return ExitUnavailable
	}
	return ExitFailed
}
