package org.qrm.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;
import static org.qrm.testkit.PartitionOrder.CHANGE;
import static org.qrm.testkit.PartitionOrder.CUT;
import static org.qrm.testkit.PartitionOrder.PAUSE;
import static org.qrm.testkit.PartitionOrder.REMOVE;
import static org.qrm.testkit.PartitionOrder.RESUME;
import static org.qrm.testkit.PartitionOrder.START;
import static org.qrm.testkit.PartitionOrder.STOP;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.environment.Requirements;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.qrm.api.partition.HostCapacity;
import org.qrm.api.partition.Partition;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.api.partition.PartitionSighting;
import org.qrm.api.partition.PartitionSize;
import org.qrm.api.partition.PartitionState;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceState;

/**
 * What the server relies on of a {@link PartitionProvider}. A plug-in's test extends it, and says by its abstract methods which host
 * there is and how one looks at it without the provider.
 */
public abstract class PartitionProviderContract extends FarContract {

    private static final int MOST_BYTES = 1024 * 1024;

    /** The provider; another one each time, as after a restart of the server. */
    protected abstract PartitionProvider provider();

    /** A host that is up, and has room for three partitions of {@link #size}. */
    protected abstract Resource host();

    /** What the host has of a partition now, seen at the host itself; empty when the host does not know it. */
    protected abstract Optional<PartitionSighting> onHost(MacAddress mac) throws Exception;

    /** How often the host has started that partition. */
    protected abstract int starts(MacAddress mac) throws Exception;

    /** What partitions are given in this test. */
    protected PartitionSize size() {
        return new PartitionSize(1, 0, 256);
    }

    /**
     * Makes a virtual machine on the host that is not the plug-in's, and runs.
     *
     * @return its address; empty when that is not possible here
     */
    protected Optional<MacAddress> foreign() throws Exception {
        return Optional.empty();
    }

    /**
     * A partition of the host.
     *
     * @param number 1..255
     */
    protected final Partition partition(int number, PartitionSize size) {
        return partition(number, size, PartitionState.DEFINED);
    }

    private Partition partition(int number, PartitionSize size, PartitionState state) {
        return new Partition(
                1000 + number,
                "p" + number,
                new MacAddress(provider().macPrefix() + ":00:00:%02x".formatted(number)),
                host().id(),
                provider().plugin(),
                size,
                "",
                state,
                "");
    }

    private Partition first() {
        return partition(1, size());
    }

    private Call giving(PartitionOrder order, Partition partition) {
        return work -> order.give(provider(), host(), partition, work);
    }

    private void start(Partition partition) throws Exception {
        call("start()", giving(START, partition));
        assertIs(PartitionState.RUNNING, partition);
    }

    private void assertIs(PartitionState wanted, Partition partition) throws Exception {
        assertEquals(
                "what the host says",
                Optional.of(wanted),
                onHost(partition.mac()).map(PartitionSighting::state));
        PartitionSighting seen = listed(partition.mac())
                .orElseThrow(() -> new AssertionError("list() lacks a partition that is " + wanted));
        assertEquals("list()", wanted, seen.state());
        assertEquals("list(): its size", partition.size(), seen.size());
    }

    /** One that is off may be known to its host or not. */
    private void assertIsOff(Partition partition) throws Exception {
        for (Optional<PartitionSighting> seen : List.of(onHost(partition.mac()), listed(partition.mac()))) {
            assertEquals(
                    "a partition that was stopped",
                    PartitionState.STOPPED,
                    seen.map(PartitionSighting::state).orElse(PartitionState.STOPPED));
        }
    }

    private void assertIsGone(Partition partition) throws Exception {
        assertEquals("the host knows what was removed", Optional.empty(), onHost(partition.mac()));
        assertEquals("list() has what was removed", Optional.empty(), listed(partition.mac()));
    }

    private Optional<PartitionSighting> listed(MacAddress mac) throws Exception {
        return list().stream().filter(each -> each.mac().equals(mac)).findFirst();
    }

    private List<PartitionSighting> list() throws Exception {
        List<PartitionSighting> all =
                timed("list()", patience(), () -> provider().list(host()));
        assertNotNull("list() is null", all);
        all.forEach(each -> assertNotNull("null in list()", each));
        assertEquals(
                "one twice in list(): " + all,
                all.size(),
                all.stream().map(PartitionSighting::mac).distinct().count());
        return all;
    }

    private HostCapacity capacity() throws Exception {
        HostCapacity capacity = timed("capacity()", patience(), () -> provider().capacity(host()));
        assertNotNull("capacity() is null", capacity);
        return capacity;
    }

    /** Some hypervisors cannot do it: they say so, and nothing has happened. */
    private boolean doneOr(PartitionOrder order, String what, Partition partition) throws Exception {
        Optional<PartitionSighting> before = onHost(partition.mac());
        try {
            call(what, giving(order, partition));
            return true;
        } catch (QrmException refused) {
            complete(what, refused);
            assertEquals(what + " was refused, and done in part", before, onHost(partition.mac()));
            return false;
        }
    }

    @Test
    public void saysWhoItIsAndAsksNobody() throws Exception {
        disconnect();
        String plugin = timed("plugin()", AT_ONCE, () -> provider().plugin());
        assertTrue("plugin() is " + plugin, plugin != null && plugin.matches("[a-z][a-z0-9-]{0,31}"));
        String prefix = timed("macPrefix()", AT_ONCE, () -> provider().macPrefix());
        assertTrue(
                "macPrefix() begins no address of one card: " + prefix,
                prefix != null && prefix.matches("[0-9a-f][02468ace](:[0-9a-f]{2}){2}"));
        Requirements needs = timed("hostNeeds()", AT_ONCE, () -> provider().hostNeeds());
        assertNotNull("hostNeeds() are null", needs);
        assertEquals("plugin() the second time", plugin, provider().plugin());
        assertEquals("macPrefix() the second time", prefix, provider().macPrefix());
        assertEquals("hostNeeds() the second time", needs, provider().hostNeeds());
    }

    @Test
    public void tellsWhatTheHostHas() throws Exception {
        HostCapacity before = capacity();
        assertTrue("CPUs: " + before, before.cpus() > 0 && before.cpuMhz() > 0);
        assertTrue("memory: " + before, before.memoryMb() > 0 && before.overheadMb() >= 0);
        assertTrue(
                "more is free than there is beside what the host needs: " + before,
                before.memoryReservedMb() >= 0
                        && before.memoryFreeMb() >= 0
                        && before.memoryFreeMb() + before.memoryReservedMb() <= before.memoryMb());
        start(first());
        long taken = before.memoryFreeMb() - capacity().memoryFreeMb();
        assertTrue(
                "a partition of " + size().memoryMb() + " MiB takes " + taken + " of what is free",
                taken >= size().memoryMb() && taken <= size().memoryMb() + 2 * before.overheadMb() + 64);
    }

    @Test
    public void startsAPartitionOnce() throws Exception {
        assertIsGone(first());
        start(first());
        start(first());
        assertEquals("how often it was started", 1, starts(first().mac()));
    }

    @Test
    public void stopsAPartitionAndMayBeAskedAgain() throws Exception {
        for (PartitionOrder order : List.of(STOP, CUT)) {
            start(first());
            for (int time = 0; time < 2; time++) {
                call(order.toString(), giving(order, first()));
                assertIsOff(first());
            }
        }
        start(first());
        call("stop() of one that was never there", giving(STOP, partition(2, size())));
        call("stop() of one that was never there", giving(CUT, partition(2, size())));
    }

    @Test
    public void pausesAndResumesOrRefuses() throws Exception {
        start(first());
        if (doneOr(PAUSE, "pause()", first())) {
            assertIs(PartitionState.PAUSED, first());
            call("pause() again", giving(PAUSE, first()));
            assertIs(PartitionState.PAUSED, first());
            call("resume", giving(RESUME, first()));
            assertIs(PartitionState.RUNNING, first());
            call("resume again", giving(RESUME, first()));
            assertIs(PartitionState.RUNNING, first());
            assertEquals("how often it was started", 1, starts(first().mac()));
        }
    }

    @Test
    public void givesAnotherSizeOrRefuses() throws Exception {
        Partition other = partition(1, new PartitionSize(size().cpus(), size().cpuMhz(), 2 * size().memoryMb()));
        start(first());
        if (doneOr(CHANGE, "change() of one that runs", other)) {
            assertIs(PartitionState.RUNNING, other);
            call("change() again", giving(CHANGE, other));
            assertIs(PartitionState.RUNNING, other);
        }
        call("stop()", giving(CUT, first()));
        doneOr(CHANGE, "change() of one that is off", other);
        start(other);
    }

    @Test
    public void removesAPartitionAndMayBeAskedAgain() throws Exception {
        start(first());
        for (int time = 0; time < 2; time++) {
            call("remove() of one that runs", giving(REMOVE, first()));
            assertIsGone(first());
        }
        start(first());
        call("stop()", giving(CUT, first()));
        call("remove() of one that is off", giving(REMOVE, first()));
        assertIsGone(first());
        call("remove() of one that was never there", giving(REMOVE, partition(2, size())));
    }

    @Test
    public void leavesOtherPartitionsAlone() throws Exception {
        Partition other = partition(2, size());
        start(first());
        start(other);
        assertEquals("list()", 2, list().size());
        call("stop()", giving(CUT, first()));
        assertIs(PartitionState.RUNNING, other);
        call("remove()", giving(REMOVE, first()));
        assertIs(PartitionState.RUNNING, other);
        assertEquals("how often the other was started", 1, starts(other.mac()));
    }

    @Test
    public void leavesMachinesOfOthersOut() throws Exception {
        Optional<MacAddress> foreign = foreign();
        assume("there is a virtual machine of somebody else", foreign::isPresent);
        start(first());
        assertEquals("list() has a machine of somebody else", Optional.empty(), listed(foreign.get()));
        call("remove()", giving(REMOVE, first()));
        assertTrue("the machine of somebody else is gone", onHost(foreign.get()).isPresent());
    }

    @Test
    public void refusesWhatDoesNotFit() throws Exception {
        HostCapacity capacity = capacity();
        Partition large = partition(3, new PartitionSize(1, 0, capacity.memoryFreeMb() + 1));
        refused("start() with " + large.size() + " on a host with " + capacity, giving(START, large));
        assertIsOff(large);
        call("remove() of what was refused", giving(REMOVE, large));
        assertIsGone(large);
    }

    @Test
    public void showsTheEndOfItsConsole() throws Exception {
        start(first());
        for (int bytes : new int[] {1, 16, MOST_BYTES}) {
            String text = timed("console()", patience(), () -> provider().console(host(), first(), bytes));
            assertNotNull("console() is null", text);
            assertTrue("console() is longer than " + bytes + " bytes", text.getBytes(UTF_8).length <= bytes);
        }
    }

    @Test
    public void opensATerminalOrRefuses() throws Exception {
        start(first());
        List<Terminal> opened = new ArrayList<>();
        doneOrRefused(
                "openTerminal()",
                work -> opened.add(provider().openTerminal(host(), first(), new TerminalSize(80, 24))));
        for (Terminal terminal : opened) {
            assertNotNull("openTerminal() is null", terminal);
            assertNotNull("its keyboard is null", terminal.input());
            assertNotNull("its output is null", terminal.output());
            terminal.resize(new TerminalSize(132, 50));
            terminal.close();
            terminal.close();
            terminal.resize(new TerminalSize(80, 24));
        }
        doneOrRefused("type()", work -> provider().type(host(), first(), "root\r"));
        assertIs(PartitionState.RUNNING, first());
    }

    @Test
    public void goesOnAfterACrash() throws Exception {
        Look gone = () -> call("remove()", giving(REMOVE, first()));
        repeatedAfterEachCrash(
                "start()", gone, giving(START, first()), () -> assertIs(PartitionState.RUNNING, first()));
        Look running = () -> {
            gone.look();
            start(first());
        };
        repeatedAfterEachCrash("stop()", running, giving(STOP, first()), () -> assertIsOff(first()));
        repeatedAfterEachCrash("stop(force)", running, giving(CUT, first()), () -> assertIsOff(first()));
        repeatedAfterEachCrash("remove()", running, giving(REMOVE, first()), () -> assertIsGone(first()));
    }

    /** Whoever answers an empty list for a silent host has all its partitions taken for lost. */
    @Test
    public void saysThatTheHostDoesNotAnswer() throws Exception {
        start(first());
        assumeDisconnected();
        refused("list() with nobody there", work -> provider().list(host()), AWAY);
        refused("capacity() with nobody there", work -> provider().capacity(host()), AWAY);
        refused("console() with nobody there", work -> provider().console(host(), first(), MOST_BYTES), AWAY);
        for (PartitionOrder order : List.of(START, STOP, CUT, CHANGE, REMOVE)) {
            Problem problem = refused(order + " with nobody there", giving(order, first()), AWAY);
            assertFalse("it names nothing: " + problem, problem.subject().isBlank());
        }
    }

    @Test
    public void endsAtItsDeadline() throws Exception {
        assumeStuck();
        endsAtItsDeadline("start()", giving(START, first()));
    }

    @Test
    public void endsWhenItIsCancelled() throws Exception {
        assumeStuck();
        endsWhenItIsCancelled("start()", giving(START, first()));
    }

    @Test
    public void canBeCalledByManyThreads() throws Exception {
        PartitionProvider one = provider();
        Partition second = partition(2, size());
        Call look = work -> assertNotNull(one.list(host()));
        together(
                "two starts and two looks at once",
                work -> one.start(host(), first(), work),
                look,
                work -> one.start(host(), second, work),
                look);
        assertIs(PartitionState.RUNNING, first());
        assertIs(PartitionState.RUNNING, second);
    }

    @Test
    public void bearsConstantsOfALaterRelease() throws Throwable {
        inALaterRelease("bearsConstantsOfALaterRelease", () -> {
            Partition later = partition(1, size(), GrownApi.unknown(PartitionState.class));
            Resource host = Machine.like(host())
                    .in(GrownApi.unknown(ResourceState.class))
                    .resource();
            call("start()", work -> provider().start(host, later, work));
            assertIs(PartitionState.RUNNING, later);
            doneOrRefused("change()", work -> provider().change(host, later, work));
            call("stop()", work -> provider().stop(host, later, true, work));
            call("remove()", work -> provider().remove(host, later, work));
            assertIsGone(later);
        });
    }
}
