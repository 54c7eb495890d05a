package org.qrm.plugin.ipmi.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.Test;
import org.qrm.api.health.HealthResult;
import org.qrm.api.plugin.PluginDescription;
import org.qrm.api.plugin.PluginState;
import org.qrm.api.plugin.Plugins;

public class IpmiHealthTest {

    @Test
    public void missesIpmitoolWhenThePluginIsInstalled() {
        HealthResult result = check(Optional.empty(), PluginState.INSTALLED);
        assertEquals(HealthResult.Status.WARN, result.status());
        assertTrue(result.message(), result.message().endsWith("Install it: apt-get install ipmitool"));
    }

    @Test
    public void missesNothingBefore() {
        assertEquals(
                HealthResult.Status.OK,
                check(Optional.empty(), PluginState.CONFIGURED).status());
        assertEquals(
                HealthResult.Status.OK,
                new IpmiHealth(Optional::empty).execute().status());
    }

    @Test
    public void saysWhereItIs() {
        assertEquals(
                new HealthResult(HealthResult.Status.OK, "/usr/bin/ipmitool"),
                check(Optional.of(Path.of("/usr/bin/ipmitool")), PluginState.ACTIVE));
    }

    private static HealthResult check(Optional<Path> ipmitool, PluginState state) {
        IpmiHealth health = new IpmiHealth(() -> ipmitool);
        health.plugins = (Plugins) Proxy.newProxyInstance(
                IpmiHealthTest.class.getClassLoader(),
                new Class<?>[] {Plugins.class},
                (proxy, method, arguments) -> method.getName().equals("find") ? Optional.of(plugin(state)) : null);
        return health.execute();
    }

    private static PluginDescription plugin(PluginState state) {
        return new PluginDescription(Ipmi.ID, "", "1", state, true, false, List.of());
    }
}
