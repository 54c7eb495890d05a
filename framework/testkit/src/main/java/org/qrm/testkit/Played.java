package org.qrm.testkit;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;

/** Services of which a test plays a few methods. The others must not be called, unless the interface has them itself. */
public final class Played {

    private Played() {}

    /** A service that must not be called at all. */
    public static <T> T unused(Class<T> service) {
        return by(service, new Object());
    }

    /**
     * A service that is played.
     *
     * @param player has public methods with the names and parameters of those that are played; its class need not implement
     *     the service
     */
    public static <T> T by(Class<T> service, Object player) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            Method same = of(player, method);
            if (same == null && method.getDeclaringClass() == Object.class) {
                return ofObject(service, proxy, method, arguments);
            }
            if (same == null && method.isDefault()) {
                return InvocationHandler.invokeDefault(proxy, method, arguments);
            }
            if (same == null) {
                throw new AssertionError(method + " is not to be called");
            }
            same.setAccessible(true);
            try {
                return same.invoke(player, arguments);
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            }
        };
        return service.cast(Proxy.newProxyInstance(service.getClassLoader(), new Class<?>[] {service}, handler));
    }

    private static Object ofObject(Class<?> service, Object proxy, Method method, Object... arguments) {
        return switch (method.getName()) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "a played " + service.getSimpleName();
        };
    }

    private static Method of(Object player, Method method) {
        return Arrays.stream(player.getClass().getMethods())
                .filter(each -> each.getDeclaringClass() != Object.class)
                .filter(each -> each.getName().equals(method.getName()))
                .filter(each -> Arrays.equals(each.getParameterTypes(), method.getParameterTypes()))
                .findFirst()
                .orElse(null);
    }
}
