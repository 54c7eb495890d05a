package org.qrm.plugin.redfish.internal;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.qrm.api.power.PowerController;
import org.qrm.api.resource.Resource;
import org.qrm.testkit.FakeSettings;
import org.qrm.testkit.Machine;
import org.qrm.testkit.PowerControllerContract;

public class RedfishPowerContractTest extends PowerControllerContract {

    private static final Pace FAST =
            new Pace(Duration.ofMillis(30), Duration.ofMillis(600), Duration.ofSeconds(8), Duration.ofMillis(100));

    private final RedfishSimulator service = new RedfishSimulator();
    private final SimulatedSystem system = service.add(new SimulatedSystem("1"));
    private final List<RedfishPower> controllers = new ArrayList<>();

    @After
    public void stop() {
        controllers.forEach(RedfishPower::stop);
        service.close();
    }

    @Override
    protected PowerController controller() {
        FakeSettings settings = new FakeSettings().about(machine(), Redfish.ID, service.answers(Map.of()));
        RedfishPower controller = new RedfishPower(settings, FAST);
        controllers.add(controller);
        return controller;
    }

    @Override
    protected Resource machine() {
        return Machine.node(12).named("web1").resource();
    }

    @Override
    protected boolean hasPower() {
        return system.isOn();
    }

    @Override
    protected void power(boolean on) {
        system.turn(on);
    }

    @Override
    protected int starts() {
        return (int) system.orders.stream().filter("On"::equals).count();
    }

    @Override
    protected boolean disconnect() {
        service.close();
        return true;
    }

    @Override
    protected boolean stick() {
        system.losing(10_000);
        return true;
    }

    @Override
    protected List<String> secrets() {
        String login = RedfishSimulator.USER + ":" + RedfishSimulator.PASSWORD;
        return List.of(
                RedfishSimulator.PASSWORD, Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
    }
}
