package org.qrm.rest.internal.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.qrm.api.Expected;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.Remark;
import org.qrm.api.Sort;
import org.qrm.api.boot.SecretArgument;
import org.qrm.api.environment.EnvironmentField;
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
import org.qrm.api.operation.Many;
import org.qrm.api.operation.ManyPlan;
import org.qrm.api.operation.Operation;

/** Virtual environments in a map; starting one asks for an operation and remembers what was asked. */
public final class FakeEnvironments implements VirtualEnvironments {

    private final Map<String, VirtualEnvironment> all = new TreeMap<>();
    private final FakeOperations operations;
    public volatile StartRequest lastStart;
    /** What becomes of a start after it was asked for. */
    public RuntimeException lost;

    public volatile String lastPlan;
    public volatile ManyEnvironments lastMany;
    public volatile long lastFenced;
    public volatile boolean lastForce;
    public volatile List<SpareMachine> spares = List.of();
    public volatile HealingStorm storm = new HealingStorm(null, 9, 0);
    public volatile String lastSecret;
    public volatile Filter<EnvironmentField> lastFilter;
    public volatile Sort<EnvironmentField> lastSort;

    public FakeEnvironments(FakeOperations operations) {
        this.operations = operations;
    }

    @Override
    public Optional<VirtualEnvironment> find(String name) {
        return Optional.ofNullable(all.get(name));
    }

    @Override
    public Page<VirtualEnvironment> list(
            Filter<EnvironmentField> filter, Sort<EnvironmentField> sort, PageRequest page) {
        lastFilter = filter;
        lastSort = sort;
        List<VirtualEnvironment> found = new ArrayList<>(all.values());
        found.removeIf(environment -> Pages.isOther(filter, EnvironmentField.STATE, environment.state()));
        return Pages.cut(found, page);
    }

    @Override
    public ManyPlan plan(ManyEnvironments which, int most) {
        List<ManyPlan.Thing> things = meant(which).stream()
                .map(it -> new ManyPlan.Thing("virtual-environment/" + it.name(), it.name(), ""))
                .toList();
        return new ManyPlan(things.size(), things.size(), things);
    }

    @Override
    public Operation act(ManyEnvironments which, Many how) {
        lastMany = which;
        meant(which);
        return operations.queue("virtual-environments." + which.action().word(), "virtual-environments");
    }

    private List<VirtualEnvironment> meant(ManyEnvironments which) {
        return which.named().isEmpty()
                ? list(which.filter(), null, PageRequest.FIRST).items()
                : which.named().stream()
                        .map(name ->
                                find(name).orElseThrow(() -> QrmException.notFound("act", "virtual environment", name)))
                        .toList();
    }

    @Override
    public VirtualEnvironment create(EnvironmentSpec spec) {
        if (all.containsKey(spec.name())) {
            throw QrmException.conflict(
                    "create virtual environment", spec.name(), "the name is taken", "Choose another.");
        }
        return put(spec, EnvironmentState.INACTIVE, 1);
    }

    @Override
    public synchronized VirtualEnvironment update(EnvironmentSpec spec, Expected<VirtualEnvironment> expected) {
        expected.check(all.get(spec.name()));
        return put(spec, EnvironmentState.INACTIVE, 2);
    }

    private VirtualEnvironment put(EnvironmentSpec spec, EnvironmentState state, long version) {
        VirtualEnvironment before = all.get(spec.name());
        List<String> secrets = before == null ? List.of() : before.secretArguments();
        VirtualEnvironment made = new VirtualEnvironment(spec, state, "", List.of(), secrets, version);
        all.put(spec.name(), made);
        return made;
    }

    @Override
    public VirtualEnvironment remark(String name, Remark said, Expected<VirtualEnvironment> expected) {
        VirtualEnvironment before = all.get(name);
        expected.check(before);
        all.put(name, before.remarked(before.remark().after(said.checked("change virtual environment", name))));
        return all.get(name);
    }

    @Override
    public synchronized void delete(String name, Expected<VirtualEnvironment> expected) {
        expected.check(all.get(name));
        all.remove(name);
    }

    @Override
    public synchronized VirtualEnvironment setSecretArgument(String name, String argument, String value) {
        SecretArgument.checkedValue(SecretArgument.checkedName(argument), value);
        lastSecret = value;
        return withSecrets(name, List.of(argument));
    }

    @Override
    public synchronized VirtualEnvironment removeSecretArgument(String name, String argument) {
        if (!all.get(name).secretArguments().contains(argument)) {
            throw QrmException.notFound("remove secret argument", "secret argument", argument);
        }
        return withSecrets(name, List.of());
    }

    private VirtualEnvironment withSecrets(String name, List<String> names) {
        VirtualEnvironment it = all.get(name);
        all.put(name, new VirtualEnvironment(it.spec(), it.state(), it.reason(), it.resources(), names, it.version()));
        return all.get(name);
    }

    @Override
    public Placement plan(String name, StartRequest request) {
        return new Placement(
                true,
                List.of(7L),
                List.of(
                        new Placement.Candidate(7, "node-7", true, List.of()),
                        new Placement.Candidate(8, "node-8", false, List.of("memory 512 MiB < 1024 MiB"))));
    }

    @Override
    public Placement plan(String runsOn, String partitioning, Requirements requirements, StartRequest request) {
        lastPlan = runsOn + " " + partitioning + " " + requirements + " " + request.count();
        return plan("", request);
    }

    @Override
    public Operation start(String name, StartRequest request) {
        lastStart = request;
        if (request.count() > 10) {
            throw QrmException.refused(
                    "start virtual environment", name, "2 machines fit, " + request.count() + " are needed", "Wait.");
        }
        Operation asked = operations.queue("virtual-environment.start", "virtual-environment/" + name);
        if (lost != null) {
            throw lost;
        }
        return asked;
    }

    @Override
    public Operation stop(String name, boolean force) {
        lastForce = force;
        return operations.queue("virtual-environment.stop", "virtual-environment/" + name);
    }

    @Override
    public Operation restart(String name) {
        return operations.queue("virtual-environment.restart", "virtual-environment/" + name);
    }

    @Override
    public HealingPlan planHealing(String name) {
        return new HealingPlan(
                false,
                List.of(new HealingPlan.Loss(7, "node-7", true, "it would be switched off", null, "no machine fits")));
    }

    @Override
    public Operation heal(String name) {
        return operations.queue("virtual-environment.heal", "virtual-environment/" + name);
    }

    @Override
    public List<SpareMachine> spareMachines() {
        return spares;
    }

    @Override
    public HealingStorm storm() {
        return storm;
    }

    @Override
    public HealingStorm goOnInStorm() {
        if (storm.since() == null) {
            throw QrmException.conflict("go on in storm", "", "there is no storm", "");
        }
        storm = new HealingStorm(null, storm.machines(), storm.lost());
        return storm;
    }

    @Override
    public Operation confirmFenced(String name, long resource) {
        lastFenced = resource;
        return operations.queue("virtual-environment.heal", "virtual-environment/" + name);
    }
}
