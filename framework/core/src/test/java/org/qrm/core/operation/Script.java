package org.qrm.core.operation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.qrm.api.Problem;

/** A kind of operation that a test writes step by step; it notes what is run. */
final class Script implements OperationKind {

    /** What a test asks for. */
    record Asked(boolean slow) {}

    static final Asked NOTHING = new Asked(false);

    static final Duration LONG = Duration.ofMinutes(1);

    final List<String> run = new CopyOnWriteArrayList<>();
    final List<Problem> undone = new CopyOnWriteArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private Step.Action undo = work -> Step.Outcome.DONE;

    Script step(String name, Step.Action action) {
        return step(name, LONG, action);
    }

    Script step(String name, Duration limit, Step.Action action) {
        steps.add(new Step(name, limit, work -> {
            run.add(name);
            return action.run(work);
        }));
        return this;
    }

    Script undo(Step.Action action) {
        undo = action;
        return this;
    }

    @Override
    public String name() {
        return "test.script";
    }

    @Override
    public List<Step> steps() {
        return steps;
    }

    @Override
    public void undo(Work work, Problem why) {
        undone.add(why);
        try {
            undo.run(work);
        } catch (RuntimeException failed) {
            throw failed;
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }
}
