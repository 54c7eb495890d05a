package org.qrm.plugin.ipmi.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.qrm.plugin.device.Machine.WEB1;

import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.exec.TerminalSize;
import org.qrm.plugin.device.Machine;

/** A BMC without serial over LAN. */
public class NoConsoleTest {

    @Rule
    public final IpmiSimulator bmc = new IpmiSimulator(false);

    @Test
    public void isToldAsSuch() {
        IpmiPower power =
                new IpmiPower(new Machine("ipmi", bmc.answers(Map.of())), new Ipmitool(Ipmitool::find), Pace.STANDARD);
        Problem problem = assertThrows(QrmException.class, () -> power.openConsole(WEB1, new TerminalSize(80, 24)))
                .problem();
        assertEquals(Problem.Kind.FAILED, problem.kind());
        assertTrue(problem.sentence(), problem.reason().startsWith("serial over LAN is disabled at the BMC"));
        assertTrue(problem.sentence(), problem.reason().contains("Error activating SOL payload: Invalid command"));
    }
}
