package org.qrm.plugin.webhookpower.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.qrm.api.power.PowerController;
import org.qrm.api.resource.Resource;
import org.qrm.testkit.FakeSettings;
import org.qrm.testkit.Machine;
import org.qrm.testkit.PowerControllerContract;

public class WebhookPowerContractTest extends PowerControllerContract {

    private final SimulatedSwitch service = new SimulatedSwitch();
    private final List<WebhookPowerController> controllers = new ArrayList<>();

    @After
    public void stop() {
        controllers.forEach(WebhookPowerController::stop);
        service.close();
    }

    @Override
    protected PowerController controller() {
        Map<String, String> answers = service.answers(answered(service.base()));
        FakeSettings settings = new FakeSettings().about(machine(), WebhookPower.ID, answers);
        WebhookPowerController controller = new WebhookPowerController(settings, WebhookPowerTest.FAST, null);
        controllers.add(controller);
        return controller;
    }

    /** Off is what is left when its system has shut down. */
    Map<String, String> answered(String base) {
        return Map.of("shutDownAddress", base + "/outlets/{name}/off");
    }

    @Override
    protected Resource machine() {
        return Machine.node(12).named("web1").resource();
    }

    @Override
    protected boolean hasPower() {
        return service.state().equals("on");
    }

    @Override
    protected void power(boolean on) {
        service.set(on ? "on" : "off");
    }

    @Override
    protected int starts() {
        return service.starts();
    }

    @Override
    protected boolean disconnect() {
        service.close();
        return true;
    }

    @Override
    protected boolean stick() {
        service.lose(10_000);
        return true;
    }

    @Override
    protected List<String> secrets() {
        return List.of(SimulatedSwitch.TOKEN);
    }
}
