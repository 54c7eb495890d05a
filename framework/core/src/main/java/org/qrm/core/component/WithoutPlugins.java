package org.qrm.core.component;

import org.qrm.api.health.HealthCheck;
import org.qrm.api.health.HealthResult;

/** Reminds whoever looks that the server was started without plug-ins. */
final class WithoutPlugins implements HealthCheck {

    @Override
    public String name() {
        return "without-plugins";
    }

    @Override
    public HealthResult execute() {
        return new HealthResult(
                HealthResult.Status.WARN,
                "the server was started without plug-ins; what they do stands still, and work that was under way waits. Remove"
                        + " the one that was in the way, and restart");
    }
}
