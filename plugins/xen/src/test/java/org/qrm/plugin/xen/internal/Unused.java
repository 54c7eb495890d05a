package org.qrm.plugin.xen.internal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;

/** A service of which a test plays a few methods; the others must not be called, unless the interface has them itself. */
final class Unused {

    private Unused() {}

    /** @param played has public methods of the same names and parameters as those of the service that are played */
    static <T> T but(Class<T> service, Object played) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            Method same = played(played, method);
            if (same == null && method.isDefault()) {
                return InvocationHandler.invokeDefault(proxy, method, arguments);
            }
            if (same == null) {
                throw new AssertionError(method + " is not to be called");
            }
            same.setAccessible(true);
            try {
                return same.invoke(played, arguments);
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            }
        };
        return service.cast(Proxy.newProxyInstance(service.getClassLoader(), new Class<?>[] {service}, handler));
    }

    private static Method played(Object played, Method method) {
        return Arrays.stream(played.getClass().getMethods())
                .filter(each -> each.getName().equals(method.getName()))
                .filter(each -> Arrays.equals(each.getParameterTypes(), method.getParameterTypes()))
                .findFirst()
                .orElse(null);
    }
}
