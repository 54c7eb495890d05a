package org.qrm.core.node;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.node.Inventory;
import org.qrm.api.node.Registered;
import org.qrm.api.node.Registration;
import org.qrm.api.node.Report;
import org.qrm.api.node.Report.NodeState;
import org.qrm.api.resource.Device;
import org.qrm.api.resource.DeviceKind;
import org.qrm.api.resource.Hardware;
import org.qrm.core.CoreFixture;
import org.qrm.core.TestMachine;

/** A machine that says something else each time cannot wash out the event log. */
public class OwnWordsTest {

    private static final int OFTEN = OwnWords.AT_ONCE + 20;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private CoreFixture core;
    private TestMachine machine;

    @Before
    public void open() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK);
        machine = new TestMachine(core::nodes, 1, 2, 1024);
    }

    @After
    public void close() {
        core.close();
    }

    @Test
    public void ofWhoWaitsToBeAdmittedTheFirstWordCounts() {
        core.admissions.close();
        long before = events();
        for (int time = 0; time < 5; time++) {
            Registered waits = boots("network card " + time + ": odd");
            tells(waits, time);
            fails(waits, "trouble " + time);
            TestMachine.goesDown(core.nodes(), waits);
        }
        assertEquals("new, odd, and not all listed", 3, events() - before);
        assertEquals(
                "waits to be admitted",
                core.resources.find(machine.mac()).orElseThrow().reason());
        assertEquals("disk 0", core.resources.devices(id()).get(0).model());
    }

    @Test
    public void ofAMachineSoMuchIsPutOnRecordAndNoMore() {
        Registered up = boots("");
        for (int time = 0; time < OFTEN; time++) {
            fails(up, "trouble " + time);
            tells(up, time);
        }
        long told = told("resource.error") + told("resource.devices");
        assertTrue("told " + told, told > OwnWords.AT_ONCE / 2 && told <= 2 * (OwnWords.AT_ONCE + 2));
    }

    private Registered boots(String leftOut) {
        Registration plain = machine.registration();
        Map<String, String> details = leftOut.isEmpty() ? Map.of() : Map.of(Hardware.LEFT_OUT, leftOut);
        return core.nodes()
                .register(new Registration(
                        plain.token(),
                        plain.bootId(),
                        plain.mac(),
                        plain.image(),
                        new Hardware(2, 2000, 1024, plain.hardware().nics(), details),
                        plain.address(),
                        plain.sshHostKey(),
                        plain.execdPort()));
    }

    private void tells(Registered up, int number) {
        Device disk = new Device(DeviceKind.DISK, "sda", 1000, "S", "disk " + number, "ssd");
        core.nodes().inventory(new Inventory(up.resource(), up.nodeToken(), List.of(disk), number + " more"));
    }

    private void fails(Registered up, String error) {
        core.nodes().report(new Report(up.resource(), up.nodeToken(), NodeState.IDLE, 0, 0, 0, error), Duration.ZERO);
    }

    private long id() {
        return core.resources.find(machine.mac()).orElseThrow().id();
    }

    private long events() {
        return core.database.read(handle -> handle.createQuery("select count(*) from event")
                .mapTo(Long.class)
                .one());
    }

    private long told(String type) {
        return core.database.read(handle -> handle.createQuery("select count(*) from event where type = :type")
                .bind("type", type)
                .mapTo(Long.class)
                .one());
    }
}
