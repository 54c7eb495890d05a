package org.qrm.itests.broken;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.concurrent.CountDownLatch;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.qrm.api.assignment.AssignmentListener;
import org.qrm.api.boot.BootService;
import org.qrm.api.health.HealthCheck;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.api.plugin.Plugin;
import org.qrm.api.power.PowerController;
import org.qrm.api.storage.StorageType;

/** A plug-in whose services answer nothing, block or throw. */
public final class BrokenServices implements BundleActivator, ServiceFactory<AssignmentListener> {

    private static final CountDownLatch NEVER = new CountDownLatch(1);

    @Override
    public void start(BundleContext context) {
        context.registerService(
                Plugin.class,
                fake(
                        Plugin.class,
                        (p, m, a) -> m.getName().equals("id") || m.getName().equals("description") ? "broken" : null),
                null);
        Dictionary<String, Object> first = new Hashtable<>();
        first.put(Constants.SERVICE_RANKING, 100);
        context.registerService(StorageType.class, fake(StorageType.class, nothing()), first);
        context.registerService(PartitionProvider.class, fake(PartitionProvider.class, nothing()), first);
        context.registerService(PowerController.class, fake(PowerController.class, blocking()), first);
        context.registerService(HealthCheck.class, fake(HealthCheck.class, nothing()), first);
        context.registerService(
                BootService.class,
                fake(BootService.class, (p, m, a) -> {
                    if (m.getName().equals("plugin")) {
                        return "broken";
                    }
                    throw new IllegalStateException("on purpose");
                }),
                first);
        context.registerService(AssignmentListener.class, this, first);
    }

    @Override
    public void stop(BundleContext context) {}

    /** As a constructor that waits for a machine which does not answer. */
    @Override
    public AssignmentListener getService(Bundle bundle, ServiceRegistration<AssignmentListener> registration) {
        forEver();
        return null;
    }

    @Override
    public void ungetService(
            Bundle bundle, ServiceRegistration<AssignmentListener> registration, AssignmentListener service) {}

    private static <T> T fake(Class<T> type, InvocationHandler answers) {
        return type.cast(Proxy.newProxyInstance(
                BrokenServices.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "equals":
                            return proxy == arguments[0];
                        case "hashCode":
                            return System.identityHashCode(proxy);
                        case "toString":
                            return "broken";
                        default:
                            return answers.invoke(proxy, method, arguments);
                    }
                }));
    }

    private static InvocationHandler nothing() {
        return (proxy, method, arguments) -> null;
    }

    private static InvocationHandler blocking() {
        return (proxy, method, arguments) -> {
            forEver();
            return null;
        };
    }

    private static void forEver() {
        while (true) {
            try {
                NEVER.await();
            } catch (InterruptedException ignored) {
                Thread.yield();
            }
        }
    }
}
