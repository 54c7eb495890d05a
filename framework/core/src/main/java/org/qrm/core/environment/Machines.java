package org.qrm.core.environment;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.qrm.api.QrmException;
import org.qrm.api.assignment.Assignment;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.core.operation.Work;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;

/** The machines that an operation on an environment is about, as they stand now. */
final class Machines {

    private final ResourceRows rows;

    Machines(ResourceRows rows) {
        this.rows = rows;
    }

    /**
     * A machine and its binding.
     *
     * @param assignment as it is stored
     * @param row the machine
     */
    record Machine(AssignmentRow assignment, ResourceRow row) {
        Assignment toAssignment(EnvironmentSpec spec) {
            return new Assignment(row.resource(), spec);
        }
    }

    /**
     * What an operation on an environment is asked for.
     *
     * @param resources the machines that it is about
     * @param force whether a stop does not ask the image
     */
    record OfMachines(String environment, List<Long> resources, boolean force) {}

    /** The name of the environment that the operation is on. */
    static String name(Work work) {
        return work.parameters(OfMachines.class).environment();
    }

    /** The environment that the operation is on. */
    VirtualEnvironment environment(Work work) {
        return work.read(handle -> environment(handle, work));
    }

    VirtualEnvironment environment(Handle handle, Work work) {
        String name = name(work);
        return EnvironmentRows.find(handle, name)
                .orElseThrow(() -> QrmException.notFound("work on virtual environment", "virtual environment", name));
    }

    /** Those of the operation's machines that are still bound to the environment. */
    List<Machine> of(Work work) {
        return work.read(handle -> of(handle, work));
    }

    List<Machine> of(Handle handle, Work work) {
        OfMachines wanted = work.parameters(OfMachines.class);
        return wanted.resources().stream()
                .flatMap(id -> AssignmentRows.of(handle, id).stream())
                .filter(assignment -> assignment.environment().equals(wanted.environment()))
                .flatMap(assignment ->
                        rows.find(handle, assignment.resource()).stream().map(row -> new Machine(assignment, row)))
                .toList();
    }
}
