package org.qrm.rest.internal.fake;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.qrm.api.Expected;
import org.qrm.api.Filter;
import org.qrm.api.ListGroup;
import org.qrm.api.Name;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.Remark;
import org.qrm.api.Sort;
import org.qrm.api.Tag;
import org.qrm.api.operation.Many;
import org.qrm.api.operation.ManyPlan;
import org.qrm.api.operation.Operation;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.HistorySample;
import org.qrm.api.resource.HistorySpan;
import org.qrm.api.resource.LoadSample;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.ManyResources;
import org.qrm.api.resource.NetworkCard;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceAction;
import org.qrm.api.resource.ResourceAdmin;
import org.qrm.api.resource.ResourceField;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.resource.Resources;

/** Machines in a map. */
public final class FakeResources implements Resources, ResourceAdmin {

    public volatile Filter<ResourceField> lastFilter;
    public volatile ManyResources lastMany;
    public volatile Many lastHow;
    public volatile Sort<ResourceField> lastSort;
    public volatile String lastBy;
    public volatile List<ListGroup> groups = List.of();

    private final Map<Long, Resource> all = new TreeMap<>();
    private final FakeOperations operations;

    public FakeResources(FakeOperations operations) {
        this.operations = operations;
    }

    public Resource add(long id, String name, ResourceState state, String environment) {
        MacAddress mac = new MacAddress("52:54:00:aa:00:%02x".formatted(id));
        NetworkCard card = new NetworkCard(mac, "eth0", "e1000", 1000);
        Hardware hardware = new Hardware(4, 2400, 8192, List.of(card), Map.of("arch", "x86_64"));
        Resource resource = new Resource(
                id,
                mac,
                name,
                ResourceKind.NODE,
                null,
                null,
                state,
                "",
                hardware,
                "10.77.0." + id,
                environment,
                0.5,
                Instant.parse("2026-01-02T03:04:05Z"),
                3);
        all.put(id, resource);
        return resource;
    }

    /** As a machine's report changes it. */
    public void heartbeat(long id, double load) {
        all.computeIfPresent(
                id,
                (same, it) -> new Resource(
                        id,
                        it.mac(),
                        it.name(),
                        it.kind(),
                        it.hostId(),
                        it.partitionOf(),
                        it.state(),
                        it.reason(),
                        it.hardware(),
                        it.address(),
                        it.environmentId(),
                        load,
                        Instant.now(),
                        it.version() + 1));
    }

    public void addPartitionOf(long id, String name, long host) {
        Resource it = add(id, name, ResourceState.IDLE, null);
        all.put(
                id,
                new Resource(
                        id,
                        it.mac(),
                        name,
                        ResourceKind.PARTITION,
                        host,
                        "xen",
                        it.state(),
                        "",
                        it.hardware(),
                        null,
                        null,
                        0,
                        null,
                        1));
    }

    @Override
    public Optional<Resource> find(long id) {
        return Optional.ofNullable(all.get(id));
    }

    @Override
    public Optional<Resource> find(MacAddress mac) {
        return all.values().stream().filter(r -> r.mac().equals(mac)).findFirst();
    }

    @Override
    public Optional<Resource> find(String text) {
        return all.values().stream()
                .filter(r -> Long.toString(r.id()).equals(text)
                        || r.name().equals(text)
                        || r.mac().value().equals(text))
                .findFirst();
    }

    @Override
    public Page<Resource> list(Filter<ResourceField> filter, Sort<ResourceField> sort, PageRequest page) {
        lastFilter = filter;
        lastSort = sort;
        List<Resource> found = new ArrayList<>(all.values());
        Object text = filter.get(ResourceField.TEXT);
        found.removeIf(r -> Pages.isOther(filter, ResourceField.STATE, r.state()));
        found.removeIf(r -> Pages.isOther(filter, ResourceField.KIND, r.kind()));
        found.removeIf(r -> text != null && !r.name().contains((String) text));
        return Pages.cut(found, page);
    }

    @Override
    public List<ListGroup> groups(Filter<ResourceField> filter, String by) {
        lastFilter = filter;
        lastBy = by;
        return groups;
    }

    @Override
    public List<LoadSample> load(long id) {
        return List.of(
                new LoadSample(Instant.ofEpochSecond(60), 0.5), new LoadSample(Instant.ofEpochSecond(120), 1.25));
    }

    @Override
    public List<HistorySample> history(long id, HistorySpan span) {
        Instant from = Instant.ofEpochSecond(span.step().toSeconds());
        return List.of(new HistorySample(from, 1, 1, 0.5, 0.25, 300, Double.NaN, Double.NaN));
    }

    @Override
    public List<HistorySample> history(HistorySpan span) {
        Instant from = Instant.ofEpochSecond(span.step().toSeconds());
        return List.of(new HistorySample(from, 1, 3, 2, 4.5, 3000, 120, 8));
    }

    @Override
    public Map<ResourceState, Long> countByState() {
        return all.values().stream()
                .map(Resource::state)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    @Override
    public Operation act(long id, ResourceAction action) {
        if (all.get(id).state() == ResourceState.ERROR) {
            throw QrmException.conflict(
                    action.word() + " resource", "" + id, "it is in state error", "Wait until it reports.");
        }
        return operations.queue("resource." + action.word(), "resource/" + id);
    }

    @Override
    public ManyPlan plan(ManyResources which, int most) {
        List<ManyPlan.Thing> things = meant(which).stream()
                .map(it -> new ManyPlan.Thing(
                        "resource/" + it.id(),
                        it.name(),
                        it.state() == ResourceState.ERROR ? "it is in state error" : ""))
                .toList();
        long possible = things.stream().filter(it -> it.reason().isEmpty()).count();
        return new ManyPlan(things.size(), (int) possible, things);
    }

    @Override
    public Operation act(ManyResources which, Many how) {
        lastMany = which;
        lastHow = how;
        if (meant(which).size() > how.most()) {
            throw QrmException.refused("act on resources", "", "more than " + how.most() + " are meant", "Mean fewer.");
        }
        return operations.queue(
                "resources." + (which.action() == null ? "tag" : which.action().word()), "resources");
    }

    private List<Resource> meant(ManyResources which) {
        return which.named().isEmpty()
                ? list(which.filter(), null, PageRequest.FIRST).items()
                : which.named().stream()
                        .map(text -> find(text).orElseThrow(() -> QrmException.notFound("act", "resource", text)))
                        .toList();
    }

    @Override
    public Resource rename(long id, String name, Expected<Resource> expected) {
        expected.check(all.get(id));
        Name.checked("rename resource", "resource", name);
        return add(id, name, all.get(id).state(), all.get(id).environmentId());
    }

    @Override
    public Resource tag(long id, Tag tag, Expected<Resource> expected) {
        expected.check(all.get(id));
        return tagged(id, List.of(tag));
    }

    @Override
    public Resource untag(long id, String name, Expected<Resource> expected) {
        expected.check(all.get(id));
        if (all.get(id).tags().stream().noneMatch(tag -> tag.name().equals(name))) {
            throw QrmException.notFound("untag resource", "tag", name);
        }
        return tagged(id, List.of());
    }

    @Override
    public Resource remark(long id, Remark said, Expected<Resource> expected) {
        Resource before = all.get(id);
        expected.check(before);
        all.put(id, before.remarked(before.remark().after(said.checked("change resource", before.name()))));
        return all.get(id);
    }

    private Resource tagged(long id, List<Tag> tags) {
        return all.computeIfPresent(
                id,
                (same, it) -> new Resource(
                        id,
                        it.mac(),
                        it.name(),
                        it.kind(),
                        it.hostId(),
                        it.partitionOf(),
                        it.state(),
                        it.reason(),
                        it.hardware(),
                        it.address(),
                        it.environmentId(),
                        it.load(),
                        tags,
                        it.lastSeen(),
                        it.version() + 1));
    }
}
