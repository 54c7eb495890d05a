package org.qrm.core.component;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;

/** The registry of services of an OSGi framework, as far as trackers use it. */
final class FakeFramework {

    /** With the type that each asks for. */
    private final Map<ServiceListener, String> listeners = new LinkedHashMap<>();

    private final Map<ServiceReference<?>, Supplier<?>> services = new HashMap<>();
    private long next = 1;

    interface Answers {
        Object to(String method, Object[] arguments);
    }

    static <T> T proxy(Class<T> type, Answers answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> switch (method.getName()) {
                    case "equals" -> self == arguments[0];
                    case "hashCode" -> System.identityHashCode(self);
                    case "toString" -> type.getSimpleName();
                    default -> answers.to(method.getName(), arguments);
                }));
    }

    static Bundle bundle(long id, String name, String location) {
        return proxy(Bundle.class, (method, arguments) -> switch (method) {
            case "getBundleId" -> id;
            case "getSymbolicName" -> name;
            case "getLocation" -> location;
            case "getState" -> Bundle.ACTIVE;
            default -> throw new UnsupportedOperationException(method);
        });
    }

    BundleContext context() {
        Bundle system = bundle(0, "system", "system");
        return proxy(BundleContext.class, (method, arguments) -> switch (method) {
            case "addServiceListener" -> listeners.put((ServiceListener) arguments[0], (String) arguments[1]);
            case "removeServiceListener" -> listeners.remove(arguments[0]);
            case "getServiceReferences" -> null;
            case "createFilter" -> null;
            case "getService" -> services.get(arguments[0]).get();
            case "ungetService" -> true;
            case "getBundle" -> system;
            default -> throw new UnsupportedOperationException(method);
        });
    }

    @SuppressWarnings("unchecked")
    <T> ServiceReference<T> register(
            Class<T> type, Bundle bundle, Map<String, Object> properties, Supplier<? extends T> made) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put(Constants.OBJECTCLASS, new String[] {type.getName()});
        all.put(Constants.SERVICE_ID, next++);
        ServiceReference<T> reference = proxy(ServiceReference.class, (method, arguments) -> switch (method) {
            case "getBundle" -> bundle;
            case "compareTo" ->
                Long.compare((Long) all.get(Constants.SERVICE_ID), (Long)
                        ((ServiceReference<?>) arguments[0]).getProperty(Constants.SERVICE_ID));
            case "getProperty" -> all.get(arguments[0]);
            default -> throw new UnsupportedOperationException(method);
        });
        services.put(reference, made);
        tell(ServiceEvent.REGISTERED, reference);
        return reference;
    }

    void unregister(ServiceReference<?> reference) {
        tell(ServiceEvent.UNREGISTERING, reference);
        services.remove(reference);
    }

    private void tell(int type, ServiceReference<?> reference) {
        String filter = "(objectClass=" + ((String[]) reference.getProperty(Constants.OBJECTCLASS))[0] + ")";
        Map.copyOf(listeners).forEach((listener, asked) -> {
            if (filter.equals(asked)) {
                listener.serviceChanged(new ServiceEvent(type, reference));
            }
        });
    }
}
