package org.qrm.core.environment;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.qrm.api.Expected;
import org.qrm.api.Filter;
import org.qrm.api.ListGroup;
import org.qrm.api.Name;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.Remark;
import org.qrm.api.Sort;
import org.qrm.api.boot.SecretArgument;
import org.qrm.api.environment.EnvironmentAction;
import org.qrm.api.environment.EnvironmentField;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.HealingPlan;
import org.qrm.api.environment.HealingStorm;
import org.qrm.api.environment.ManyEnvironments;
import org.qrm.api.environment.Placement;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.SpareMachine;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.environment.VirtualEnvironments;
import org.qrm.api.event.Priority;
import org.qrm.api.image.BootImage;
import org.qrm.api.operation.Many;
import org.qrm.api.operation.ManyPlan;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.Operations;
import org.qrm.core.Limits;
import org.qrm.core.image.FilesystemImageService;
import org.qrm.core.operation.ManyKind;
import org.qrm.core.operation.Meaning;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.operation.Step;
import org.qrm.core.operation.Work;
import org.qrm.core.resource.PowerControllers;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.resource.ResourceService;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;
import org.qrm.core.store.EventRows;
import org.qrm.core.store.Remarks;
import org.qrm.core.store.Seal;
import org.qrm.core.store.Tags;

/** Virtual environments as others see and change them. */
public final class EnvironmentService implements VirtualEnvironments {

    private static final String START = EnvironmentAction.START.attempt();
    private static final String STOP = EnvironmentAction.STOP.attempt();
    private static final String RESTART = EnvironmentAction.RESTART.attempt();
    private static final String LANE = "virtual-environment/";
    private static final int MOST_PLANNED = 100;
    /** For all who are asked for one plan of healing. */
    private static final Duration PLANNING = Duration.ofSeconds(20);

    private final Database database;
    private final OperationEngine engine;
    private final ResourceRows rows;
    private final Reservation reservation;
    private final EnvironmentRules rules;
    private final Function<String, Requirements> hostNeeds;
    private final PowerControllers controllers;
    private final SecretArguments secrets;
    private final Healer healer;
    private final Fencing fencing;
    private final Leftovers leftovers;
    private final EnvironmentsAtOnce many;
    private volatile Predicate<EnvironmentSpec> fencedByStorage = spec -> false;

    /** @param hostNeeds what a machine needs to be a host of a plug-in; throws UNAVAILABLE if that is not there */
    public EnvironmentService(
            Database database,
            OperationEngine engine,
            Operations operations,
            ResourceRows rows,
            Function<String, Requirements> hostNeeds,
            PowerControllers controllers,
            Limits limits,
            Seal seal) {
        this.secrets = new SecretArguments(seal);
        this.fencing = new Fencing(database, rows, controllers);
        this.leftovers = new Leftovers(rows, fencing, limits);
        this.healer = new Healer(database, engine, operations, rows, leftovers, limits, Clock.systemUTC());
        this.hostNeeds = hostNeeds;
        this.controllers = controllers;
        this.database = database;
        this.engine = engine;
        this.rows = rows;
        this.reservation = new Reservation(rows);
        this.rules = new EnvironmentRules();
        this.many = new EnvironmentsAtOnce(engine, this::begin);
    }

    @Override
    public Optional<VirtualEnvironment> find(String name) {
        return database.read(handle -> EnvironmentRows.find(handle, name).map(found -> whole(handle, found)));
    }

    @Override
    public Page<VirtualEnvironment> list(
            Filter<EnvironmentField> filter, Sort<EnvironmentField> sort, PageRequest page) {
        return database.read(handle -> {
            Page<VirtualEnvironment> found = EnvironmentRows.LISTING.page(handle, filter, sort, page);
            return new Page<>(withResources(handle, found.items()), found.next());
        });
    }

    @Override
    public long count(Filter<EnvironmentField> filter, int most) {
        return database.glance(handle -> EnvironmentRows.LISTING.count(handle, filter, most));
    }

    @Override
    public List<ListGroup> groups(Filter<EnvironmentField> filter, String by) {
        return database.glance(handle -> EnvironmentRows.LISTING.groups(handle, filter, EnvironmentRows.GROUPINGS, by));
    }

    @Override
    public Map<EnvironmentState, Long> countByState() {
        return database.glance(EnvironmentRows::countByState);
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
            return whole(
                    change.handle(),
                    EnvironmentRows.find(change.handle(), spec.name()).orElseThrow());
        });
    }

    @Override
    public VirtualEnvironment update(EnvironmentSpec spec, Expected<VirtualEnvironment> expected) {
        return database.change(change -> {
            VirtualEnvironment now = existing(change, "update virtual environment", spec.name());
            boolean healedOtherwise = now.spec().healed(spec.healing()).equals(spec);
            VirtualEnvironment before =
                    healedOtherwise ? now : inactive(change, "update virtual environment", spec.name());
            rules.check(change.handle(), "update virtual environment", spec);
            expected.check(whole(change.handle(), before));
            EnvironmentRows.update(change.handle(), before, spec);
            return whole(
                    change.handle(),
                    EnvironmentRows.find(change.handle(), spec.name()).orElseThrow());
        });
    }

    @Override
    public VirtualEnvironment remark(String name, Remark said, Expected<VirtualEnvironment> expected) {
        Remark checked = said.checked("update virtual environment", name);
        return database.change(change -> {
            VirtualEnvironment before = whole(
                    change.handle(),
                    EnvironmentRows.lock(change.handle(), name)
                            .orElseThrow(() -> QrmException.notFound(
                                    "update virtual environment", "virtual environment", Name.printable(name))));
            expected.check(before);
            EnvironmentRows.REMARKS.change(
                    change,
                    name,
                    before.remark(),
                    checked,
                    new Remarks.Told("virtual-environment", lane(name), "Virtual environment " + name, null));
            return whole(
                    change.handle(), EnvironmentRows.find(change.handle(), name).orElseThrow());
        });
    }

    @Override
    public void delete(String name, Expected<VirtualEnvironment> expected) {
        database.change(change -> {
            VirtualEnvironment before = inactive(change, "delete virtual environment", name);
            expected.check(whole(change.handle(), before));
            EnvironmentRows.delete(change.handle(), before);
            tell(change, name, "virtual-environment.deleted", "deleted");
            return null;
        });
    }

    @Override
    public VirtualEnvironment setSecretArgument(String name, String argument, String value) {
        SecretArgument.checkedName(argument);
        SecretArgument.checkedValue(argument, value);
        return database.change(change -> {
            VirtualEnvironment environment = existing(change, "set secret argument", name);
            secrets.set(change, name, argument, value);
            return whole(change.handle(), environment);
        });
    }

    @Override
    public VirtualEnvironment removeSecretArgument(String name, String argument) {
        return database.change(change -> {
            VirtualEnvironment environment = existing(change, "remove secret argument", name);
            secrets.remove(change, name, argument);
            return whole(change.handle(), environment);
        });
    }

    /** {@code name=value} each: for this machine of the environment, and nobody else. */
    public List<String> secretArguments(String name, long resource) {
        return database.read(handle -> secrets.of(handle, name, resource));
    }

    SecretArguments secrets() {
        return secrets;
    }

    @Override
    public Placement plan(String name, StartRequest request) {
        return plan(
                request,
                handle -> EnvironmentRows.find(handle, name)
                        .orElseThrow(() -> QrmException.notFound("plan start", "virtual environment", name))
                        .spec());
    }

    @Override
    public Placement plan(String runsOn, String partitioning, Requirements requirements, StartRequest request) {
        EnvironmentSpec spec = new EnvironmentSpec(
                "", BootImage.DEFAULT, "", EnvironmentMode.MULTI, partitioning, runsOn, requirements, List.of(), "");
        rules.checkPlaces("plan start", spec);
        return plan(request, handle -> spec);
    }

    private Placement plan(StartRequest request, Function<Handle, EnvironmentSpec> spec) {
        return asking(power ->
                database.read(handle -> reservation.plan(handle, withHostNeeds(spec.apply(handle)), request, power)));
    }

    @Override
    public Operation start(String name, StartRequest request) {
        return asking(power -> engine.asked(change -> start(change, name, request, power)));
    }

    private long start(Change change, String name, StartRequest request, PowerAnswers power) {
        VirtualEnvironment environment = existing(change, START, name);
        rules.checkStart(change.handle(), environment, request);
        healer.forget(change, name);
        secrets.check(change.handle(), name); // what its machines could not be told is told now
        EnvironmentRows.move(change, environment, EnvironmentState.STARTING, "");
        List<Long> taken = reservation.take(change, withHostNeeds(environment.spec()), request, power);
        taken.forEach(resource -> AssignmentRows.insert(change, resource, name));
        return submitStart(change, environment, taken);
    }

    @Override
    public Operation stop(String name, boolean force) {
        return engine.asked(change -> stop(change, name, force));
    }

    private long stop(Change change, String name, boolean force) {
        VirtualEnvironment environment = existing(change, STOP, name);
        checkStop(environment);
        stopGuests(change, name, force);
        healer.forget(change, name);
        List<Long> overtaken = engine.onLane(change.handle(), lane(name));
        change.afterCommit(() -> overtaken.forEach(engine::cancel));
        if (environment.state() != EnvironmentState.STOPPING) {
            EnvironmentRows.move(change, environment, EnvironmentState.STOPPING, "");
        }
        List<Long> bound = bound(change, name);
        return submit(change, StopKind.NAME, name, withGuests(change, bound), bound, force);
    }

    private static void checkStop(VirtualEnvironment environment) {
        if (environment.state() == EnvironmentState.INACTIVE) {
            throw QrmException.conflict(STOP, environment.name(), "it is not running", "There is nothing to stop.");
        }
    }

    @Override
    public Operation restart(String name) {
        return engine.asked(change -> restart(change, name));
    }

    private long restart(Change change, String name) {
        VirtualEnvironment environment = existing(change, RESTART, name);
        List<Long> bound = bound(change, name);
        checkRestart(environment, bound);
        healer.refuseWhileAtWork(change, RESTART, name);
        refuseWithGuests(change, RESTART, name, "Stop them first.");
        EnvironmentRows.move(change, environment, EnvironmentState.STARTING, "");
        return submit(change, RestartKind.NAME, name, bound, bound, false);
    }

    private static void checkRestart(VirtualEnvironment environment, List<Long> bound) {
        if (bound.isEmpty() || environment.state() == EnvironmentState.STOPPING) {
            throw QrmException.conflict(RESTART, environment.name(), "it is not running", "Start it.");
        }
    }

    @Override
    public ManyPlan plan(ManyEnvironments which, int most) {
        return database.read(handle -> Meaning.plan(
                withResources(handle, EnvironmentsAtOnce.meant(handle, which, most)),
                EnvironmentsAtOnce::thing,
                environment -> check(which.action(), environment)));
    }

    @Override
    public Operation act(ManyEnvironments which, Many how) {
        return engine.asked(change -> many.submit(change, which, how));
    }

    private void begin(EnvironmentAction action, String name, boolean force, ManyKind.Beginning transaction) {
        switch (action) {
            case START ->
                asking(power -> {
                    transaction.in(change -> OptionalLong.of(start(change, name, StartRequest.ANYWHERE, power)));
                    return null;
                });
            case STOP -> transaction.in(change -> OptionalLong.of(stop(change, name, force)));
            case RESTART -> transaction.in(change -> OptionalLong.of(restart(change, name)));
        }
    }

    /** Throws what one would refuse with, as far as its state tells. */
    private static void check(EnvironmentAction action, VirtualEnvironment environment) {
        switch (action) {
            case START ->
                EnvironmentRules.checkState(
                        environment, !environment.resources().isEmpty());
            case STOP -> checkStop(environment);
            case RESTART -> checkRestart(environment, environment.resources());
        }
    }

    /** Looks for machines that are lost. */
    public Healer healer() {
        return healer;
    }

    Fencing fencing() {
        return fencing;
    }

    Leftovers leftovers() {
        return leftovers;
    }

    @Override
    public Operation heal(String name) {
        return healer.heal(name);
    }

    @Override
    public Operation confirmFenced(String name, long resource) {
        return healer.confirmFenced(name, resource);
    }

    @Override
    public HealingStorm storm() {
        return healer.storm();
    }

    @Override
    public HealingStorm goOnInStorm() {
        return healer.goOnInStorm();
    }

    @Override
    public List<SpareMachine> spareMachines() {
        return new SpareMachines(rows, this::spareSpec).look(database);
    }

    @Override
    public HealingPlan planHealing(String name) {
        VirtualEnvironment environment =
                find(name).orElseThrow(() -> QrmException.notFound("plan healing", "virtual environment", name));
        if (environment.resources().isEmpty()) {
            throw QrmException.conflict("plan healing", name, "it runs on no machine", "Start it first.");
        }
        long end = System.nanoTime() + PLANNING.toNanos();
        List<HealingPlan.Loss> losses = environment.resources().stream()
                .limit(MOST_PLANNED)
                .flatMap(id -> database.read(handle -> rows.find(handle, id)).stream())
                .map(row -> loss(environment, row, Duration.ofNanos(end - System.nanoTime())))
                .toList();
        return new HealingPlan(losses.stream().allMatch(each -> each.fenced() && each.spare() != null), losses);
    }

    /** Whether its storage fences machines of such an environment. */
    void fencedByStorage(Predicate<EnvironmentSpec> whether) {
        this.fencedByStorage = whether;
    }

    /** Where nobody can tell that it is off, its image can be closed to it. */
    private Fencing.Verdict forecast(EnvironmentSpec spec, ResourceRow row, Duration left) {
        Fencing.Verdict byPower = fencing.forecast(row.resource(), left);
        return byPower.fenced() || !fencedByStorage.test(spec)
                ? byPower
                : new Fencing.Verdict(
                        true,
                        byPower.told() + "; its image " + spec.filesystemImage() + " would be closed to it instead");
    }

    private HealingPlan.Loss loss(VirtualEnvironment environment, ResourceRow row, Duration left) {
        Fencing.Verdict fence = forecast(environment.spec(), row, left);
        EnvironmentSpec spec = spareSpec(environment.spec());
        Placement placement = asking(power -> database.read(
                handle -> reservation.without(row.id()).plan(handle, spec, StartRequest.ANYWHERE, power)));
        Optional<Placement.Candidate> spare = placement.candidates().stream()
                .filter(candidate -> placement.possible() && placement.chosen().contains(candidate.resource()))
                .findFirst();
        String start = spare.map(it -> "it would start on " + it.name() + because(it.reasons()))
                .orElseGet(() -> nowhere(placement));
        return new HealingPlan.Loss(
                row.id(),
                row.resource().name(),
                fence.fenced(),
                fence.told(),
                spare.map(Placement.Candidate::resource).orElse(null),
                start);
    }

    private static String because(List<String> reasons) {
        return reasons.isEmpty() ? "" : ": " + String.join(", ", reasons);
    }

    private static String nowhere(Placement placement) {
        String why = placement.candidates().stream()
                .filter(candidate -> !candidate.fits())
                .limit(3)
                .map(candidate -> candidate.name() + ": " + String.join(", ", candidate.reasons()))
                .collect(Collectors.joining("; "));
        return "no machine fits" + (why.isEmpty() ? "" : ": " + why);
    }

    /** As it is asked of spare machines. */
    private EnvironmentSpec spareSpec(EnvironmentSpec spec) {
        EnvironmentSpec needs = withHostNeeds(spec);
        Requirements own = needs.requirements();
        return needs.needing(own.tagged(
                Tags.with("choose spare machine", own.tags(), spec.healing().tags())));
    }

    /** Ends the healing, and in the same transaction takes another machine and asks for the start on it. */
    Step.Outcome startInstead(Work work, HealingRow healing) {
        return asking(power -> work.complete(change -> startInstead(change, healing, power)));
    }

    private void startInstead(Change change, HealingRow seen, PowerAnswers power) {
        String name = seen.environment();
        HealingRow healing = HealingRows.find(change.handle(), name, seen.resource())
                .filter(row -> row.stage() == seen.stage())
                .orElse(null);
        if (healing == null) {
            return; // somebody has decided otherwise meanwhile
        }
        VirtualEnvironment environment =
                EnvironmentRows.find(change.handle(), name).orElse(null);
        boolean free = environment != null
                && HealKind.maySpareStart(environment)
                && (environment.spec().mode() == EnvironmentMode.MULTI
                        || bound(change, name).isEmpty());
        if (!free) {
            HealingRows.delete(change, healing);
            return;
        }
        EnvironmentRules.checkImage(change.handle(), environment);
        secrets.check(change.handle(), name);
        if (environment.state() != EnvironmentState.STARTING) {
            // others of its machines may be on their way by themselves
            EnvironmentRows.move(change, environment, EnvironmentState.STARTING, "");
        }
        List<Long> taken = reservation
                .without(healing.resource())
                .take(change, spareSpec(environment.spec()), StartRequest.ANYWHERE, power);
        taken.forEach(resource -> AssignmentRows.insert(change, resource, name));
        long start = submitStart(change, environment, taken);
        HealingRows.starting(change, healing, taken.get(0), start);
        EventRows.resolve(change.handle(), HealingRows.NO_SPARE, lane(name));
        String spare = rows.find(change.handle(), taken.get(0))
                .map(row -> row.resource().name())
                .orElse("");
        change.event(
                Priority.WARNING,
                "healing.restarted",
                lane(name),
                "Virtual environment " + name + " starts on " + spare
                        + " instead of the machine that was lost (operation " + start + ")",
                taken.get(0));
    }

    private <T> T asking(Function<PowerAnswers, T> attempt) {
        return PowerAnswers.asking(
                controllers,
                id -> database.read(handle -> rows.find(handle, id)).map(ResourceRow::resource),
                attempt);
    }

    /** A machine that nobody has and that may write the image all the same, if there is one. */
    public static Optional<String> mayStillWrite(Handle handle, String image) {
        return Leftovers.mayStillWrite(handle, image);
    }

    /** Whether that machine may still write an image that it is not bound to any more. */
    public static boolean mayStillWrite(Handle handle, long resource) {
        return Leftovers.unheardOf(handle, resource).isPresent();
    }

    /** The lane of a virtual environment. */
    static String lane(String name) {
        return LANE + name;
    }

    /** The virtual environment whose lane that is. */
    static Optional<String> ofLane(String lane) {
        return lane.startsWith(LANE) ? Optional.of(lane.substring(LANE.length())) : Optional.empty();
    }

    /** As it is asked of machines: a host needs more. */
    private EnvironmentSpec withHostNeeds(EnvironmentSpec spec) {
        if (spec.partitioning() == null) {
            return spec;
        }
        return spec.needing(spec.requirements().and(hostNeeds.apply(spec.partitioning())));
    }

    /** A partition in use on a machine of an environment. */
    private record Guest(String name, String environment) {}

    private static List<Guest> guests(Handle handle, String host) {
        return handle.createQuery("select g.name, g.environment from resource h join resource g on g.host_id = h.id"
                        + " where h.environment = :host and g.environment is not null order by g.id")
                .bind("host", host)
                .map((row, context) -> new Guest(row.getString("name"), row.getString("environment")))
                .list();
    }

    private static void refuseWithGuests(Change change, String attempted, String name, String remedy) {
        List<Guest> guests = guests(change.handle(), name);
        if (!guests.isEmpty()) {
            throw QrmException.conflict(
                    attempted,
                    name,
                    "partitions of its machines are in use: "
                            + guests.stream()
                                    .map(guest -> guest.name() + " runs " + guest.environment())
                                    .collect(Collectors.joining(", ")),
                    remedy);
        }
    }

    /** What runs on partitions of its machines is stopped before, but only if that was meant. */
    private void stopGuests(Change change, String name, boolean force) {
        if (!force) {
            refuseWithGuests(change, STOP, name, "Stop those first, or say that you mean it (force).");
        }
        guests(change.handle(), name).stream()
                .map(Guest::environment)
                .distinct()
                .forEach(guest -> {
                    VirtualEnvironment environment = existing(change, STOP, guest);
                    if (environment.state() != EnvironmentState.STOPPING) {
                        healer.forget(change, guest);
                        EnvironmentRows.move(change, environment, EnvironmentState.STOPPING, "");
                        List<Long> bound = bound(change, guest);
                        submit(change, StopKind.NAME, guest, bound, bound, true);
                    }
                });
    }

    /** Machines, and the partitions on them that are in use: their environments are stopped first. */
    private static List<Long> withGuests(Change change, List<Long> machines) {
        List<Long> all = new ArrayList<>(machines);
        if (!machines.isEmpty()) {
            all.addAll(change.handle()
                    .createQuery("select id from resource where host_id in (<hosts>) and environment is not null")
                    .bindList("hosts", machines)
                    .mapTo(Long.class)
                    .list());
        }
        return all;
    }

    private static List<Long> bound(Change change, String name) {
        return AssignmentRows.ofEnvironment(change.handle(), name).stream()
                .map(AssignmentRow::resource)
                .toList();
    }

    /**
     * @param reserved the machines that nothing else happens to meanwhile
     * @param resources those that it is about
     */
    private long submit(
            Change change, String kind, String name, List<Long> reserved, List<Long> resources, boolean force) {
        return engine.submit(
                change, kind, lane(name), new Machines.OfMachines(name, resources, force), lanes(name, reserved));
    }

    /** Its image is locked: what gives it other content meanwhile is seen here, or sees the machines. */
    private long submitStart(Change change, VirtualEnvironment environment, List<Long> taken) {
        String name = environment.name();
        List<String> lanes = lanes(name, taken);
        lanes.addAll(FilesystemImageService.lanesWhileRestored(
                change.handle(), engine, environment.spec().filesystemImage()));
        return engine.submit(change, StartKind.NAME, lane(name), new Machines.OfMachines(name, taken, false), lanes);
    }

    private static List<String> lanes(String name, List<Long> reserved) {
        List<String> lanes = new ArrayList<>(List.of(lane(name)));
        reserved.forEach(resource -> lanes.add(ResourceService.lane(resource)));
        return lanes;
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

    private static VirtualEnvironment whole(Handle handle, VirtualEnvironment row) {
        VirtualEnvironment bound = withResources(handle, List.of(row)).get(0);
        return bound.remarked(EnvironmentRows.REMARKS.whole(handle, row.name(), row.remark()));
    }

    private static List<VirtualEnvironment> withResources(Handle handle, List<VirtualEnvironment> environments) {
        List<VirtualEnvironment> all = new ArrayList<>();
        for (int from = 0; from < environments.size(); from += PageRequest.MAX_LIMIT) {
            all.addAll(withTheirs(
                    handle, environments.subList(from, Math.min(environments.size(), from + PageRequest.MAX_LIMIT))));
        }
        return all;
    }

    private static List<VirtualEnvironment> withTheirs(Handle handle, List<VirtualEnvironment> environments) {
        Map<String, List<Long>> bound = handle.createQuery(
                        "select environment, resource_id from assignment where environment in (<names>)"
                                + " order by resource_id")
                .bindList(
                        "names",
                        environments.stream().map(VirtualEnvironment::name).toList())
                .map((row, context) -> Map.entry(row.getString("environment"), row.getLong("resource_id")))
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
        Map<String, List<String>> secret = SecretArguments.namesOf(
                handle, environments.stream().map(VirtualEnvironment::name).toList());
        return environments.stream()
                .map(it -> new VirtualEnvironment(
                        it.spec(),
                        it.state(),
                        it.reason(),
                        bound.getOrDefault(it.name(), List.of()),
                        secret.getOrDefault(it.name(), List.of()),
                        it.remark(),
                        it.version()))
                .toList();
    }

    private static void tell(Change change, String name, String type, String what) {
        change.event(Priority.INFO, type, lane(name), "Virtual environment " + name + " was " + what, null);
    }
}
