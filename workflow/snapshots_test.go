package workflow_test

import (
	"testing"

	"setpoint/workflow"
	"setpoint/workflow/workflowtest"
)

func TestMemorySnapshotsAreAStore(t *testing.T) {
	workflowtest.Snapshots(t, func(*testing.T) workflowtest.Opened[workflow.Snapshots[string, string]] {
		store := new(workflow.MemorySnapshots[string, string])
		return workflowtest.Opened[workflow.Snapshots[string, string]]{
			Store: store, Reopen: func() workflow.Snapshots[string, string] { return store },
		}
	})
}
