package org.qrm.core.resource;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.qrm.api.Expected;
import org.qrm.api.Filter;
import org.qrm.api.HostName;
import org.qrm.api.ListGroup;
import org.qrm.api.Name;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.Remark;
import org.qrm.api.Sort;
import org.qrm.api.Tag;
import org.qrm.api.event.Priority;
import org.qrm.api.exec.MachineEndpoints;
import org.qrm.api.exec.SshHost;
import org.qrm.api.operation.Many;
import org.qrm.api.operation.ManyPlan;
import org.qrm.api.operation.Operation;
import org.qrm.api.resource.Device;
import org.qrm.api.resource.HistorySample;
import org.qrm.api.resource.HistorySpan;
import org.qrm.api.resource.LoadSample;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.ManyResources;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceAction;
import org.qrm.api.resource.ResourceAdmin;
import org.qrm.api.resource.ResourceField;
import org.qrm.api.resource.ResourceSize;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.resource.Resources;
import org.qrm.core.history.History;
import org.qrm.core.history.HistoryKeeper;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;
import org.qrm.core.store.Tags;

/** Resources as others see and change them. */
public final class ResourceService implements Resources, ResourceAdmin, MachineEndpoints {

    private static final String REMARK = "change resource";

    private final Database database;
    private final ResourceRows rows;
    private final OperationEngine engine;
    private final ResourceActions actions;
    private final History history;
    private final HistoryKeeper keeper;
    private final ResourcesAtOnce many;

    public ResourceService(
            Database database,
            ResourceRows rows,
            OperationEngine engine,
            ResourceActions actions,
            History history,
            HistoryKeeper keeper) {
        this.database = database;
        this.rows = rows;
        this.engine = engine;
        this.actions = actions;
        this.history = history;
        this.keeper = keeper;
        this.many = new ResourcesAtOnce(database, rows, engine, actions);
    }

    @Override
    public Optional<Resource> find(long id) {
        return database.read(handle -> whole(handle, rows.find(handle, id)));
    }

    @Override
    public Optional<Resource> find(MacAddress mac) {
        return database.read(handle -> whole(handle, rows.find(handle, mac)));
    }

    @Override
    public Optional<Resource> find(String idNameOrMac) {
        return database.read(handle -> whole(
                handle,
                rows.named(handle, List.of(idNameOrMac)).values().stream().findAny()));
    }

    private Optional<Resource> whole(Handle handle, Optional<ResourceRow> found) {
        return found.map(row -> rows.whole(handle, row));
    }

    private Resource now(Change change, long id) {
        return whole(change.handle(), rows.find(change.handle(), id)).orElseThrow();
    }

    @Override
    public Page<Resource> list(Filter<ResourceField> filter, Sort<ResourceField> sort, PageRequest page) {
        return database.read(handle -> ResourceRows.LISTING.page(handle, filter, sort, page));
    }

    @Override
    public long count(Filter<ResourceField> filter, int most) {
        return database.glance(handle -> ResourceRows.LISTING.count(handle, filter, most));
    }

    @Override
    public List<ListGroup> groups(Filter<ResourceField> filter, String by) {
        return database.glance(handle -> ResourceRows.LISTING.groups(handle, filter, ResourceRows.GROUPINGS, by));
    }

    @Override
    public List<Device> devices(long id) {
        return database.read(handle -> DeviceRows.of(handle, id));
    }

    @Override
    public Map<ResourceState, Long> countByState() {
        return database.glance(rows::countByState);
    }

    @Override
    public List<ResourceSize> sizes() {
        return database.glance(ResourceSizes::of);
    }

    @Override
    public List<LoadSample> load(long id) {
        return history.load(id, System.currentTimeMillis());
    }

    @Override
    public List<HistorySample> history(long id, HistorySpan span) {
        return keeper.of(id, span);
    }

    @Override
    public List<HistorySample> history(HistorySpan span) {
        return keeper.ofAll(span);
    }

    @Override
    public Operation act(long id, ResourceAction action) {
        actions.check(database.read(handle -> existing(handle, id, action)), action);
        return engine.asked(change -> {
            ResourceRow row = existing(change.handle(), id, action);
            actions.checkState(row, action);
            actions.checkWriting(change.handle(), row, action);
            return actions.submit(change, engine, row, action);
        });
    }

    private ResourceRow existing(Handle handle, long id, ResourceAction action) {
        return rows.find(handle, id)
                .orElseThrow(() -> QrmException.notFound(action.attempt(), "resource", String.valueOf(id)));
    }

    @Override
    public ManyPlan plan(ManyResources which, int most) {
        return many.plan(which, most);
    }

    @Override
    public Operation act(ManyResources which, Many how) {
        return engine.asked(change -> many.submit(change, which, how));
    }

    @Override
    public Resource rename(long id, String name, Expected<Resource> expected) {
        checkName("rename resource", name);
        return database.change(change -> {
            ResourceRow before = rows.find(change.handle(), id)
                    .orElseThrow(() -> QrmException.notFound("rename resource", "resource", String.valueOf(id)));
            Optional<ResourceRow> same = rows.withHostName(change.handle(), name);
            same.filter(other -> other.id() != id).ifPresent(other -> {
                throw QrmException.conflict(
                        "rename resource", name, "resource " + other.id() + " has that name", "Choose another.");
            });
            expected.check(rows.whole(change.handle(), before));
            rows.rename(change, before, name);
            change.event(
                    Priority.INFO,
                    "resource.renamed",
                    lane(id),
                    before.resource().name() + " is called " + name + " now",
                    id);
            return now(change, id);
        });
    }

    @Override
    public Resource tag(long id, Tag tag, Expected<Resource> expected) {
        return database.change(change -> {
            ResourceRow before = expected(change, "tag resource", id, expected);
            return setTags(
                    change, before, Tags.with("tag resource", before.resource().tags(), List.of(tag)));
        });
    }

    @Override
    public Resource untag(long id, String name, Expected<Resource> expected) {
        return database.change(change -> {
            ResourceRow before = expected(change, "untag resource", id, expected);
            List<Tag> left = before.resource().tags().stream()
                    .filter(tag -> !tag.name().equals(name))
                    .toList();
            if (left.size() == before.resource().tags().size()) {
                throw QrmException.notFound("untag resource", "tag", Name.printable(name));
            }
            return setTags(change, before, left);
        });
    }

    @Override
    public Resource remark(long id, Remark said, Expected<Resource> expected) {
        Remark checked = said.checked(REMARK, String.valueOf(id));
        return database.change(change -> {
            rows.lock(change, id);
            ResourceRow row = expected(change, REMARK, id, expected);
            rows.remark(change, rows.whole(change.handle(), row), checked);
            return now(change, id);
        });
    }

    private Resource setTags(Change change, ResourceRow before, List<Tag> tags) {
        setTags(change, rows, before, tags, "");
        return now(change, before.id());
    }

    /** @param who asked for it, as the event ends; may be empty */
    static void setTags(Change change, ResourceRows rows, ResourceRow before, List<Tag> tags, String who) {
        if (!tags.equals(before.resource().tags())) {
            rows.setTags(change, before, tags);
            change.event(
                    Priority.INFO,
                    "resource.tagged",
                    lane(before.id()),
                    before.resource().name()
                            + (tags.isEmpty() ? " has no tags any longer" : " has the tags " + Tag.line(tags))
                            + who,
                    before.id());
        }
    }

    private ResourceRow expected(Change change, String attempt, long id, Expected<Resource> expected) {
        ResourceRow row = rows.find(change.handle(), id)
                .orElseThrow(() -> QrmException.notFound(attempt, "resource", String.valueOf(id)));
        expected.check(rows.whole(change.handle(), row));
        return row;
    }

    @Override
    public Optional<SshHost> endpoint(long resource) {
        return database.read(handle -> rows.find(handle, resource))
                .filter(row -> row.sshHostKey() != null && row.resource().address() != null)
                .map(row -> new SshHost(row.resource().address(), row.execdPort(), row.sshHostKey()));
    }

    /** @throws QrmException kind INVALID when no resource can have that name */
    public static void checkName(String attempt, String name) {
        if (name != null && name.matches("[0-9]+")) {
            throw QrmException.invalid(attempt, name, "a number would be taken for an id", "Add a letter to the name.");
        }
        HostName.checked(attempt, name);
    }

    /** The lane of a resource. */
    public static String lane(long id) {
        return "resource/" + id;
    }
}
