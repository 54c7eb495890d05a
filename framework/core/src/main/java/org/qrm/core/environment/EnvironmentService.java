package org.qrm.core.environment;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.qrm.api.Name;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.Placement;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.environment.VirtualEnvironments;
import org.qrm.api.event.Priority;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.Operations;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.resource.ResourceService;
import org.qrm.core.store.Change;
import org.qrm.core.store.Cursor;
import org.qrm.core.store.Database;

/** Virtual environments as others see and change them. */
public final class EnvironmentService implements VirtualEnvironments {

    private static final String START = "start virtual environment";
    private static final String STOP = "stop virtual environment";

    private final Database database;
    private final OperationEngine engine;
    private final Operations operations;
    private final Reservation reservation;
    private final EnvironmentRules rules;

    public EnvironmentService(
            Database database, OperationEngine engine, Operations operations, ResourceRows resources) {
        this.database = database;
        this.engine = engine;
        this.operations = operations;
        this.reservation = new Reservation(resources);
        this.rules = new EnvironmentRules();
    }

    @Override
    public Optional<VirtualEnvironment> find(String name) {
        return database.read(handle -> EnvironmentRows.find(handle, name)
                .map(found -> withResources(handle, List.of(found)).get(0)));
    }

    @Override
    public Page<VirtualEnvironment> list(EnvironmentState state, PageRequest page) {
        List<VirtualEnvironment> list = database.read(handle ->
                withResources(handle, EnvironmentRows.list(handle, state, Cursor.text(page), page.limit() + 1)));
        return Cursor.page(list, page, VirtualEnvironment::name);
    }

    @Override
    public Map<EnvironmentState, Long> countByState() {
        return database.read(EnvironmentRows::countByState);
    }

    @Override
    public VirtualEnvironment create(EnvironmentSpec spec) {
        Name.checked("create virtual environment", "virtual environment", spec.name());
        return database.change(change -> {
            rules.check(change.handle(), "create virtual environment", spec);
            if (EnvironmentRows.find(change.handle(), spec.name()).isPresent()) {
                throw QrmException.conflict(
                        "create virtual environment", spec.name(), "there is one of that name", "Choose another name.");
            }
            EnvironmentRows.insert(change.handle(), spec);
            tell(change, spec.name(), "virtual-environment.created", "created");
            return EnvironmentRows.find(change.handle(), spec.name()).orElseThrow();
        });
    }

    @Override
    public VirtualEnvironment update(EnvironmentSpec spec) {
        return database.change(change -> {
            VirtualEnvironment before = inactive(change, "update virtual environment", spec.name());
            rules.check(change.handle(), "update virtual environment", spec);
            EnvironmentRows.update(change.handle(), before, spec);
            return EnvironmentRows.find(change.handle(), spec.name()).orElseThrow();
        });
    }

    @Override
    public void delete(String name) {
        database.change(change -> {
            EnvironmentRows.delete(change.handle(), inactive(change, "delete virtual environment", name));
            tell(change, name, "virtual-environment.deleted", "deleted");
            return null;
        });
    }

    @Override
    public Placement plan(String name, StartRequest request) {
        return database.read(handle -> reservation.plan(
                handle,
                EnvironmentRows.find(handle, name)
                        .orElseThrow(() -> QrmException.notFound("plan start", "virtual environment", name))
                        .spec(),
                request));
    }

    @Override
    public Operation start(String name, StartRequest request) {
        long id = database.change(change -> {
            VirtualEnvironment environment = existing(change, START, name);
            rules.checkStart(change.handle(), environment, request);
            EnvironmentRows.move(change, environment, EnvironmentState.STARTING, "");
            List<Long> taken = reservation.take(change, environment.spec(), request);
            taken.forEach(resource -> AssignmentRows.insert(change, resource, name));
            return submit(change, StartKind.NAME, name, taken, Map.of());
        });
        return operations.find(id).orElseThrow();
    }

    @Override
    public Operation stop(String name, boolean force) {
        Set<Long> overtaken = new LinkedHashSet<>();
        long id = database.change(change -> {
            VirtualEnvironment environment = existing(change, STOP, name);
            if (environment.state() == EnvironmentState.INACTIVE) {
                throw QrmException.conflict(STOP, name, "it is not running", "There is nothing to stop.");
            }
            overtaken.clear();
            overtaken.addAll(engine.onLane(change.handle(), lane(name)));
            if (environment.state() != EnvironmentState.STOPPING) {
                EnvironmentRows.move(change, environment, EnvironmentState.STOPPING, "");
            }
            List<Long> bound = AssignmentRows.ofEnvironment(change.handle(), name).stream()
                    .map(AssignmentRow::resource)
                    .toList();
            return submit(change, StopKind.NAME, name, bound, Map.of("force", String.valueOf(force)));
        });
        overtaken.forEach(engine::cancel);
        return operations.find(id).orElseThrow();
    }

    @Override
    public Operation restart(String name) {
        long id = database.change(change -> {
            VirtualEnvironment environment = existing(change, "restart virtual environment", name);
            List<Long> bound = AssignmentRows.ofEnvironment(change.handle(), name).stream()
                    .map(AssignmentRow::resource)
                    .toList();
            if (bound.isEmpty() || environment.state() == EnvironmentState.STOPPING) {
                throw QrmException.conflict("restart virtual environment", name, "it is not running", "Start it.");
            }
            EnvironmentRows.move(change, environment, EnvironmentState.STARTING, "");
            return submit(change, RestartKind.NAME, name, bound, Map.of());
        });
        return operations.find(id).orElseThrow();
    }

    /** The lane of a virtual environment. */
    public static String lane(String name) {
        return "virtual-environment/" + name;
    }

    private long submit(Change change, String kind, String name, List<Long> resources, Map<String, String> parameters) {
        Map<String, String> all = new java.util.HashMap<>(parameters);
        all.put("environment", name);
        all.put("resources", resources.stream().map(String::valueOf).collect(Collectors.joining(",")));
        List<String> lanes = new java.util.ArrayList<>(List.of(lane(name)));
        resources.forEach(resource -> lanes.add(ResourceService.lane(resource)));
        return engine.submit(change, kind, lane(name), all, lanes);
    }

    private static VirtualEnvironment existing(Change change, String attempted, String name) {
        return EnvironmentRows.find(change.handle(), name)
                .orElseThrow(() -> QrmException.notFound(attempted, "virtual environment", name));
    }

    private static VirtualEnvironment inactive(Change change, String attempted, String name) {
        VirtualEnvironment environment = existing(change, attempted, name);
        boolean free = environment.state() == EnvironmentState.INACTIVE
                || environment.state() == EnvironmentState.ERROR
                        && AssignmentRows.ofEnvironment(change.handle(), name).isEmpty();
        if (!free) {
            throw QrmException.conflict(
                    attempted,
                    name,
                    "it is " + environment.state().name().toLowerCase(java.util.Locale.ROOT),
                    "Stop it first.");
        }
        return environment;
    }

    private static List<VirtualEnvironment> withResources(Handle handle, List<VirtualEnvironment> environments) {
        if (environments.isEmpty()) {
            return environments;
        }
        Map<String, List<Long>> bound = handle.createQuery(
                        "select environment, resource_id from assignment where environment in (<names>)"
                                + " order by resource_id")
                .bindList(
                        "names",
                        environments.stream().map(VirtualEnvironment::name).toList())
                .map((row, context) -> Map.entry(row.getString("environment"), row.getLong("resource_id")))
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
        return environments.stream()
                .map(it -> new VirtualEnvironment(
                        it.spec(), it.state(), it.reason(), bound.getOrDefault(it.name(), List.of()), it.version()))
                .toList();
    }

    private static void tell(Change change, String name, String type, String what) {
        change.event(Priority.INFO, type, lane(name), "Virtual environment " + name + " was " + what, null);
    }
}
