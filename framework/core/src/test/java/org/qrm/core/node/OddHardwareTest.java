package org.qrm.core.node;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.node.Registered;
import org.qrm.api.node.Registration;
import org.qrm.api.resource.Hardware;
import org.qrm.core.CoreFixture;
import org.qrm.core.TestMachine;

public class OddHardwareTest {

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
    public void whatWasLeftOutIsToldOncePerChangeAndNotPerBoot() {
        boots("network card 2: odd");
        boots("network card 2: odd");
        assertEquals(List.of("1 network card 2: odd false"), events());
        boots("network card 3: odd");
        assertEquals(List.of("1 network card 2: odd true", "1 network card 3: odd false"), events());
    }

    @Test
    public void aMachineThatIsMendedResolvesIt() {
        boots("cpus: odd");
        boots("");
        assertEquals(List.of("1 cpus: odd true"), events());
    }

    @Test
    public void aMachineWithNothingOddIsNotSpokenOf() {
        boots("");
        boots("");
        assertEquals(List.of(), events());
    }

    private void boots(String leftOut) {
        Registration plain = machine.registration();
        Map<String, String> details = leftOut.isEmpty() ? Map.of() : Map.of(Hardware.LEFT_OUT, leftOut);
        Registered up = core.nodes()
                .register(new Registration(
                        plain.token(),
                        plain.bootId(),
                        plain.mac(),
                        plain.image(),
                        new Hardware(2, 2000, 1024, plain.hardware().nics(), details),
                        plain.address(),
                        plain.sshHostKey(),
                        plain.execdPort()));
        TestMachine.goesDown(core.nodes(), up);
    }

    /** Priority, what is named and whether it is over. */
    private List<String> events() {
        return core.database.read(handle -> handle.createQuery("select priority, description, resolved from event"
                        + " where type = 'resource.hardware' and resource_id is not null order by id")
                .map((row, context) -> row.getInt(1)
                        + " "
                        + row.getString(2).replaceFirst("^node-525400000001 is taken without .* hardware: ", "")
                        + " "
                        + row.getBoolean(3))
                .list());
    }
}
