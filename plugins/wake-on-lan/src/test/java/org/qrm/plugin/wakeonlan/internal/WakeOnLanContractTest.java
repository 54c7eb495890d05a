package org.qrm.plugin.wakeonlan.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.qrm.api.power.PowerController;
import org.qrm.api.resource.Resource;
import org.qrm.testkit.FakeSettings;
import org.qrm.testkit.Machine;
import org.qrm.testkit.PowerControllerContract;

/** A machine that wakes when it hears its packet. */
public class WakeOnLanContractTest extends PowerControllerContract {

    private static final String PASSWORD = "00:1b:ff:7f:80:09";

    private boolean on;
    private int starts;

    private synchronized boolean hear(String by, byte[] packet) {
        byte[] wanted =
                MagicPacket.of(machine().mac(), MagicPacket.password(PASSWORD).orElseThrow());
        if (by.equals("eth7") && Arrays.equals(packet, wanted)) {
            starts += on ? 0 : 1;
            on = true;
        }
        return by.equals("eth7");
    }

    @Override
    protected PowerController controller() {
        Map<String, String> answers = Map.of(CardQuestions.INTERFACE, "eth7", CardQuestions.PASSWORD, PASSWORD);
        return new WakeOnLanPower(new FakeSettings().about(machine(), WakeOnLan.ID, answers), this::hear);
    }

    @Override
    protected Resource machine() {
        return Machine.node(12).named("web1").resource();
    }

    @Override
    protected synchronized boolean hasPower() {
        return on;
    }

    @Override
    protected synchronized void power(boolean given) {
        on = given;
    }

    @Override
    protected synchronized int starts() {
        return starts;
    }

    @Override
    protected List<String> secrets() {
        return List.of(PASSWORD);
    }

    /** Between two packets. */
    @Override
    protected boolean skipsPauses() {
        return true;
    }
}
