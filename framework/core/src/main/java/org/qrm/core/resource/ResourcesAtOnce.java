package org.qrm.core.resource;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.qrm.api.QrmException;
import org.qrm.api.Tag;
import org.qrm.api.event.Priority;
import org.qrm.api.operation.Many;
import org.qrm.api.operation.ManyPlan;
import org.qrm.api.resource.ManyResources;
import org.qrm.api.resource.ResourceAction;
import org.qrm.api.resource.ResourceField;
import org.qrm.core.operation.ManyKind;
import org.qrm.core.operation.Meaning;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.operation.Work;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;
import org.qrm.core.store.Tags;

/** The same asked of many machines. */
final class ResourcesAtOnce {

    private static final String NOUN = "resources";
    private static final String TAG = "resources.tag";
    private static final String TAG_PHRASE = "tag resource";

    /** For all that plug-ins are asked for one plan. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Database database;
    private final ResourceRows rows;
    private final OperationEngine engine;
    private final ResourceActions actions;
    private final Map<ResourceAction, ManyKind> kinds;
    private final ManyKind tags;

    /** What one is asked for; see {@link ManyKind.Asked}. */
    record Asked(String by, String why, int atOnce, List<String> tags, List<String> untags) {}

    ResourcesAtOnce(Database database, ResourceRows rows, OperationEngine engine, ResourceActions actions) {
        this.database = database;
        this.rows = rows;
        this.engine = engine;
        this.actions = actions;
        kinds = Arrays.stream(ResourceAction.values()).collect(Collectors.toMap(action -> action, this::kind));
        tags = new ManyKind(engine, TAG, TAG_PHRASE, this::tag);
        kinds.values().forEach(engine::add);
        engine.add(tags);
    }

    private ManyKind kind(ResourceAction action) {
        return new ManyKind(
                engine,
                NOUN + "." + action.word(),
                action.attempt(),
                (work, thing, transaction) -> begin(action, work, thing, transaction));
    }

    /** What would be done now. */
    ManyPlan plan(ManyResources which, int most) {
        List<ResourceRow> meant = database.read(handle -> rows(handle, meaning(which, most)));
        long end = System.nanoTime() + PATIENCE.toNanos();
        return Meaning.plan(meant, ResourcesAtOnce::thing, row -> check(row, which, System.nanoTime() < end));
    }

    private void check(ResourceRow row, ManyResources which, boolean ask) {
        if (which.action() == null) {
            changed(row, which.tags(), which.untags());
            return;
        }
        actions.checkState(row, which.action());
        if (ask) {
            actions.checkPower(row.resource(), which.action());
        }
    }

    /** @return the operation's id */
    long submit(Change change, ManyResources which, Many how) {
        Meaning<ResourceField> meaning = meaning(which, how.most());
        List<ResourceRow> meant = rows(change.handle(), meaning);
        meaning.refuseNone(meant);
        Asked asked = new Asked(
                how.by(),
                how.why(),
                how.atOnce(),
                which.tags().stream().map(Tag::toString).toList(),
                which.untags());
        List<ManyKind.Thing> things = meant.stream().map(ResourcesAtOnce::thing).toList();
        ManyKind kind = which.action() == null ? tags : kinds.get(which.action());
        return kind.submit(change, NOUN, asked, how, things, meaning.told());
    }

    private static Meaning<ResourceField> meaning(ManyResources which, int most) {
        String attempt = which.action() == null ? TAG_PHRASE : which.action().attempt();
        return new Meaning<>(attempt, "resource", which.named(), which.filter(), most);
    }

    private List<ResourceRow> rows(Handle handle, Meaning<ResourceField> meaning) {
        return meaning.rows(handle, ResourceRows.ROWS, rows::named, ResourceRow::id);
    }

    private static ManyKind.Thing thing(ResourceRow row) {
        return new ManyKind.Thing(ResourceService.lane(row.id()), row.resource().name());
    }

    private void begin(ResourceAction action, Work work, ManyKind.Thing thing, ManyKind.Beginning transaction) {
        if (ResourceActions.needsPower(action)) {
            actions.checkPower(
                    row(work.read(handle -> rows.find(handle, id(thing))), action.attempt(), thing)
                            .resource(),
                    action);
        }
        transaction.in(change -> {
            ResourceRow row = row(rows.find(change.handle(), id(thing)), action.attempt(), thing);
            actions.checkState(row, action);
            actions.checkWriting(change.handle(), row, action);
            change.event(
                    Priority.INFO,
                    "resource.asked",
                    thing.subject(),
                    kinds.get(action).told(work, thing),
                    row.id());
            return OptionalLong.of(actions.submit(change, engine, row, action));
        });
    }

    private void tag(Work work, ManyKind.Thing thing, ManyKind.Beginning transaction) {
        Asked asked = work.parameters(Asked.class);
        transaction.in(change -> {
            ResourceRow row = row(rows.find(change.handle(), id(thing)), TAG_PHRASE, thing);
            List<Tag> said = Tag.parse(TAG_PHRASE, asked.tags());
            ResourceService.setTags(
                    change, rows, row, changed(row, said, asked.untags()), ", as " + asked.by() + " said");
            return OptionalLong.empty();
        });
    }

    /** @throws QrmException INVALID when it would have too many */
    private static List<Tag> changed(ResourceRow row, List<Tag> said, List<String> untags) {
        List<Tag> left = row.resource().tags().stream()
                .filter(tag -> !untags.contains(tag.name()))
                .toList();
        return Tags.with(TAG_PHRASE, left, said);
    }

    private static ResourceRow row(Optional<ResourceRow> found, String attempt, ManyKind.Thing thing) {
        return found.orElseThrow(() -> QrmException.notFound(attempt, "resource", thing.name()));
    }

    private static long id(ManyKind.Thing thing) {
        return Long.parseLong(thing.subject().substring(thing.subject().indexOf('/') + 1));
    }
}
