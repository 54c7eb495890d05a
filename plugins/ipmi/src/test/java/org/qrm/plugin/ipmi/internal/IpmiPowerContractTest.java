package org.qrm.plugin.ipmi.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.qrm.api.power.PowerController;
import org.qrm.api.resource.Resource;
import org.qrm.testkit.FakeSettings;
import org.qrm.testkit.Machine;
import org.qrm.testkit.PowerControllerContract;

/** Against a BMC that OpenIPMI simulates. */
public class IpmiPowerContractTest extends PowerControllerContract {

    /** A BMC on a busy machine may need more than the second of one try. */
    private static final Pace FAST =
            new Pace(Duration.ofMillis(20), Duration.ofMillis(300), Duration.ofSeconds(10), Duration.ofSeconds(3), 2);

    @Rule
    public final IpmiSimulator bmc = new IpmiSimulator();

    @Override
    protected PowerController controller() {
        FakeSettings settings = new FakeSettings().about(machine(), Ipmi.ID, bmc.answers(Map.of()));
        return new IpmiPower(settings, new Ipmitool(Ipmitool::find), FAST);
    }

    @Override
    protected Resource machine() {
        return Machine.node(12).named("web1").resource();
    }

    @Override
    protected boolean hasPower() throws IOException {
        return bmc.power().equals("1");
    }

    @Override
    protected void power(boolean on) throws IOException {
        bmc.power(on ? "1" : "0");
    }

    @Override
    protected int starts() throws IOException {
        return (int) bmc.orders().stream().filter("set power 1"::equals).count();
    }

    @Override
    protected boolean disconnect() {
        bmc.end();
        return true;
    }

    @Override
    protected boolean stick() throws IOException {
        bmc.lose(10_000);
        return true;
    }

    @Override
    protected List<String> secrets() {
        return List.of(IpmiSimulator.PASSWORD);
    }

    @Override
    protected Duration shortPatience() {
        return Duration.ofSeconds(6);
    }
}
