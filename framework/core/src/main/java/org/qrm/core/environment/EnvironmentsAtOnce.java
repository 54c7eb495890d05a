package org.qrm.core.environment;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.qrm.api.environment.EnvironmentAction;
import org.qrm.api.environment.EnvironmentField;
import org.qrm.api.environment.ManyEnvironments;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.event.Priority;
import org.qrm.api.operation.Many;
import org.qrm.core.operation.ManyKind;
import org.qrm.core.operation.Meaning;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.operation.Work;
import org.qrm.core.store.Change;

/** The same asked of many virtual environments. */
final class EnvironmentsAtOnce {

    private static final String NOUN = "virtual-environments";

    private final Beginning beginning;
    private final Map<EnvironmentAction, ManyKind> kinds;

    /** What one is asked for; see {@link ManyKind.Asked}. */
    record Asked(String by, String why, int atOnce, boolean force) {}

    /** Begins one, by one transaction. */
    interface Beginning {
        void begin(EnvironmentAction action, String name, boolean force, ManyKind.Beginning transaction);
    }

    EnvironmentsAtOnce(OperationEngine engine, Beginning beginning) {
        this.beginning = beginning;
        kinds = Arrays.stream(EnvironmentAction.values())
                .collect(Collectors.toMap(
                        Function.identity(),
                        action -> new ManyKind(
                                engine,
                                NOUN + "." + action.word(),
                                action.attempt(),
                                (work, thing, transaction) -> begin(action, work, thing, transaction))));
        kinds.values().forEach(engine::add);
    }

    static List<VirtualEnvironment> meant(Handle handle, ManyEnvironments which, int most) {
        return rows(handle, meaning(which, most));
    }

    /** @return the operation's id */
    long submit(Change change, ManyEnvironments which, Many how) {
        Meaning<EnvironmentField> meaning = meaning(which, how.most());
        List<VirtualEnvironment> meant = rows(change.handle(), meaning);
        meaning.refuseNone(meant);
        Asked asked = new Asked(how.by(), how.why(), how.atOnce(), which.force());
        List<ManyKind.Thing> things =
                meant.stream().map(EnvironmentsAtOnce::thing).toList();
        return kinds.get(which.action()).submit(change, NOUN, asked, how, things, meaning.told());
    }

    private static Meaning<EnvironmentField> meaning(ManyEnvironments which, int most) {
        return new Meaning<>(which.action().attempt(), "virtual environment", which.named(), which.filter(), most);
    }

    private static List<VirtualEnvironment> rows(Handle handle, Meaning<EnvironmentField> meaning) {
        return meaning.rows(handle, EnvironmentRows.LISTING, EnvironmentRows::named, VirtualEnvironment::name);
    }

    static ManyKind.Thing thing(VirtualEnvironment environment) {
        return new ManyKind.Thing(EnvironmentService.lane(environment.name()), environment.name());
    }

    private void begin(EnvironmentAction action, Work work, ManyKind.Thing thing, ManyKind.Beginning transaction) {
        boolean force = work.parameters(Asked.class).force();
        beginning.begin(
                action,
                thing.name(),
                force,
                begun -> transaction.in(change -> {
                    OptionalLong operation = begun.apply(change);
                    change.event(
                            Priority.INFO,
                            "virtual-environment.asked",
                            thing.subject(),
                            kinds.get(action).told(work, thing),
                            null);
                    return operation;
                }));
    }
}
