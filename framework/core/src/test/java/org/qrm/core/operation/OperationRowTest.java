package org.qrm.core.operation;

import static org.junit.Assert.assertEquals;

import java.time.Instant;
import java.util.List;
import org.junit.Test;
import org.qrm.api.operation.OperationState;

public class OperationRowTest {

    @Test
    public void progressHasNoMoreDigitsThanPeopleCanTellApart() {
        for (OperationState state : List.of(OperationState.RUNNING, OperationState.FAILED, OperationState.CANCELLED)) {
            assertEquals(0.2, row(state).toOperation(0.19999999999999998).progress(), 0);
            assertEquals(0.333, row(state).toOperation(1 / 3.0).progress(), 0);
            assertEquals(
                    "nothing that is under way is at its end",
                    0.99,
                    row(state).toOperation(1).progress(),
                    0);
        }
        assertEquals(
                1, row(OperationState.DONE).toOperation(0.19999999999999998).progress(), 0);
    }

    private static OperationRow row(OperationState state) {
        return new OperationRow(
                7,
                "plugin.install",
                "plugin/xen",
                null,
                "{}",
                state,
                false,
                0,
                List.of("install"),
                null,
                0,
                "",
                "",
                null,
                false,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                null,
                1);
    }
}
