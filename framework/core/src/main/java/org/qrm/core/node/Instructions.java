package org.qrm.core.node;

import java.util.List;
import org.qrm.api.node.Instruction;
import org.qrm.api.node.Report.NodeState;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.environment.AssignmentRow;
import org.qrm.core.resource.ResourceRow;

/** What a machine is told: a pure function of what the database says of it and where it is. */
final class Instructions {

    private Instructions() {}

    /**
     * @param row the machine
     * @param assignment its binding, or null
     * @param state where it says it is
     * @param packages what it fetches if it starts its image
     */
    static Instruction next(
            ResourceRow row, AssignmentRow assignment, NodeState state, List<Instruction.BootServicePackage> packages) {
        if (state == NodeState.STOPPING) {
            return new Instruction.Continue();
        }
        if (row.instruction() != null) {
            return switch (row.instruction()) {
                case REBOOT -> new Instruction.Reboot();
                case POWER_OFF -> new Instruction.PowerOff();
                case LOCAL_BOOT -> new Instruction.LocalBoot();
            };
        }
        boolean bound = assignment != null && !assignment.releasing();
        if (state == NodeState.ACTIVE) {
            return bound ? new Instruction.Continue() : new Instruction.Reboot();
        }
        if (row.state() == ResourceState.RELEASING) {
            return new Instruction.Reboot();
        }
        if (!bound || row.state() != ResourceState.BOOTING || !row.admitted()) {
            return new Instruction.Continue();
        }
        if (!assignment.booted()) {
            return new Instruction.Reboot();
        }
        boolean open =
                row.resource().address() != null && row.resource().address().equals(assignment.openAddress());
        if (!open || state != NodeState.IDLE) {
            return new Instruction.Continue();
        }
        return new Instruction.StartImage(
                assignment.environment(),
                row.resource().name(),
                assignment.plan().mount(),
                assignment.plan().overlay(),
                packages);
    }
}
