package org.qrm.plugin.webhookpower.internal;

import java.util.Map;

/** Of a machine for which the address alone was answered that switches it off, and the one that tells its state. */
public class WebhookOnlyOffContractTest extends WebhookPowerContractTest {

    @Override
    Map<String, String> answered(String base) {
        return Map.of("onAddress", "");
    }
}
