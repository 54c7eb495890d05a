package org.qrm.api.health;

import org.osgi.annotation.versioning.ConsumerType;

/** Checks one thing. Registered as an OSGi service; called on demand, has 2 s. */
@ConsumerType
public interface HealthCheck {

    /** What is checked: {@code database}, {@code dnsmasq}. */
    String name();

    HealthResult execute();
}
