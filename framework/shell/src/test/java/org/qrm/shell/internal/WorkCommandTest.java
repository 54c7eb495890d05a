package org.qrm.shell.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;
import org.qrm.api.operation.LogLine;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationField;
import org.qrm.api.operation.OperationState;
import org.qrm.api.operation.Operations;

public class WorkCommandTest {

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final PrintStream console = System.out;
    private final Deque<Operation> answers = new ArrayDeque<>();
    private WorkCommand command;

    @Before
    public void makeACommand() {
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        command = new WorkCommand() {
            @Override
            void run() throws InterruptedException {
                work(operation(OperationState.QUEUED, ""));
            }
        };
        command.operations = new Told();
        command.auditLog = new ToldAudit();
    }

    @After
    public void giveTheConsoleBack() {
        System.setOut(console);
    }

    @Test
    public void returnsAtOnceAndSaysHowToFollow() throws Exception {
        AsUser.execute(command);
        assertEquals(
                "Operation 7 (virtual-environment.start on virtual-environment/web1) is queued."
                        + " Follow it: qrm:operation-wait 7\n",
                said());
    }

    @Test
    public void showsTheStepsToTheEnd() throws Exception {
        command.wait = true;
        answers.add(operation(OperationState.RUNNING, ""));
        answers.add(operation(OperationState.RUNNING, ""));
        answers.add(operation(OperationState.DONE, ""));
        AsUser.execute(command);
        assertTrue(said(), said().contains("  open-export: running\n  open-export: done\n"));
    }

    @Test
    public void failsWithTheReason() {
        command.wait = true;
        answers.add(operation(OperationState.FAILED, "the machine fell silent"));
        QrmException failed = assertThrows(QrmException.class, () -> AsUser.execute(command));
        assertEquals("Cannot finish operation \"7\": the machine fell silent.", failed.getMessage());
    }

    @Test
    public void saysThatAPartIsAwayInsteadOfFailingOverIt() {
        command = new OperationWait();
        command.auditLog = new ToldAudit();
        QrmException failed = assertThrows(QrmException.class, () -> AsUser.execute(command));
        assertEquals(Problem.Kind.UNAVAILABLE, failed.problem().kind());
        assertTrue(failed.getMessage(), failed.getMessage().contains("Operations is not there"));
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    private static Operation operation(OperationState state, String reason) {
        return new Operation(
                7,
                "virtual-environment.start",
                "virtual-environment/web1",
                state,
                0.5,
                List.of(new Operation.Step("open-export", state)),
                reason,
                false,
                Instant.EPOCH,
                null,
                null);
    }

    private final class Told implements Operations {
        @Override
        public Operation await(long id, Duration atMost) {
            return answers.size() > 1 ? answers.poll() : answers.peek();
        }

        @Override
        public Optional<Operation> find(long id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Page<Operation> list(Filter<OperationField> filter, Sort<OperationField> sort, PageRequest page) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<LogLine> log(long id) {
            return List.of();
        }

        @Override
        public Operation cancel(long id) {
            throw new UnsupportedOperationException();
        }
    }
}
