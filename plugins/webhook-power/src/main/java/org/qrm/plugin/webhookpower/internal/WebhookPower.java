package org.qrm.plugin.webhookpower.internal;

import org.osgi.service.component.annotations.Component;
import org.qrm.api.plugin.Plugin;

/** The plug-in: a name for what {@link WebhookPowerController} adds. It makes nothing, so there is nothing to take away. */
@Component
public final class WebhookPower implements Plugin {

    static final String ID = "webhook-power";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return "Switches machines on and off through a site's own HTTP services";
    }
}
