package org.qrm.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import org.junit.AssumptionViolatedException;
import org.junit.runner.Description;
import org.junit.runner.JUnitCore;
import org.junit.runner.Result;
import org.junit.runner.manipulation.Filter;
import org.junit.runners.BlockJUnit4ClassRunner;

/**
 * The API as a later release may have it: each enumeration that plug-ins are given has one constant more, and sealed interfaces
 * have another case. A test is run in it by loading its class, the plug-in and the API once more.
 */
final class GrownApi {

    private static final String LATER = "OF_A_LATER_RELEASE";

    /** What a plug-in may be given. */
    private static final List<String> ENUMERATIONS = List.of(
            "environment.EnvironmentMode",
            "environment.HealMode",
            "image.FilesystemImage$State",
            "image.Loader",
            "partition.PartitionState",
            "resource.ResourceKind",
            "resource.ResourceState");

    /** There is one, and it may be none of what is tested: JUnit, Java, and what would be started twice. */
    private static final List<String> ONCE = List.of(
            "java.",
            "javax.",
            "jdk.",
            "sun.",
            "com.sun.",
            "org.junit.",
            "junit.",
            "org.hamcrest.",
            "org.slf4j.",
            "org.w3c.",
            "org.xml.");

    private GrownApi() {}

    /** Whether who asks runs in it. */
    static boolean isHere() {
        // by name: this class is there twice then, too
        return GrownApi.class.getClassLoader().getClass().getName().equals(Loader.class.getName());
    }

    /** The constant that was not there when the plug-in was written. */
    static <E extends Enum<E>> E unknown(Class<E> enumeration) {
        E[] all = enumeration.getEnumConstants();
        E last = all[all.length - 1];
        if (!last.name().equals(LATER)) {
            throw new IllegalStateException(enumeration + " has not grown: add it to the list in " + GrownApi.class);
        }
        return last;
    }

    /** The case of a sealed interface that was not there when the plug-in was written. */
    static <T> T unknownCase(Class<T> sealed) {
        return sealed.cast(Proxy.newProxyInstance(
                sealed.getClassLoader(),
                new Class<?>[] {sealed},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> 1;
                    default -> LATER;
                }));
    }

    /** Runs one test of a class there, with its rules, and fails as it does. */
    static void run(Class<?> test, String method) throws Throwable {
        Loader loader = new Loader(test.getClassLoader());
        for (String enumeration : ENUMERATIONS) {
            grow(Class.forName("org.qrm.api." + enumeration, true, loader));
        }
        BlockJUnit4ClassRunner runner = new BlockJUnit4ClassRunner(loader.loadClass(test.getName()));
        runner.filter(new Filter() {
            @Override
            public boolean shouldRun(Description each) {
                return each.isSuite() || method.equals(each.getMethodName());
            }

            @Override
            public String describe() {
                return method;
            }
        });
        Result result = new JUnitCore().run(runner);
        if (!result.wasSuccessful()) {
            throw said(result.getFailures().get(0).getException());
        }
        if (result.getAssumptionFailureCount() > 0) {
            throw new AssumptionViolatedException("does not apply: an assumption of the test itself does not hold");
        }
    }

    /** What Java throws where a switch lacks a branch says nothing to whoever wrote it. */
    private static Throwable said(Throwable thrown) {
        boolean lacksBranch = thrown instanceof IncompatibleClassChangeError
                || thrown.getClass().getName().equals("java.lang.MatchException");
        return lacksBranch
                ? new AssertionError(
                        "it was given a constant that a later release may have: a switch over an enumeration or a sealed"
                                + " interface of the API needs a default branch",
                        thrown)
                : thrown;
    }

    /** Adds a constant, before anybody has asked for them. */
    private static void grow(Class<?> enumeration) throws ReflectiveOperationException {
        Memory memory = new Memory();
        Field values = enumeration.getDeclaredField("$VALUES");
        Object[] all = memory.ofClass(values);
        Object later = memory.made(enumeration);
        memory.set(later, Enum.class.getDeclaredField("name"), LATER);
        memory.set(later, Enum.class.getDeclaredField("ordinal"), all.length);
        Object[] more = Arrays.copyOf(all, all.length + 1);
        more[all.length] = later;
        memory.setOfClass(values, more);
    }

    /** Objects behind Java's back, which makes no constant of an enumeration. */
    private static final class Memory {

        private final Class<?> type = Class.forName("sun.misc.Unsafe");
        private final Object unsafe;

        Memory() throws ReflectiveOperationException {
            Field only = type.getDeclaredField("theUnsafe");
            only.setAccessible(true);
            unsafe = only.get(null);
        }

        Object made(Class<?> what) throws ReflectiveOperationException {
            return type.getMethod("allocateInstance", Class.class).invoke(unsafe, what);
        }

        void set(Object object, Field field, Object value) throws ReflectiveOperationException {
            put(object, type.getMethod("objectFieldOffset", Field.class).invoke(unsafe, field), value);
        }

        Object[] ofClass(Field field) throws ReflectiveOperationException {
            return (Object[])
                    type.getMethod("getObject", Object.class, long.class).invoke(unsafe, base(field), offset(field));
        }

        void setOfClass(Field field, Object value) throws ReflectiveOperationException {
            put(base(field), offset(field), value);
        }

        private Object base(Field field) throws ReflectiveOperationException {
            return type.getMethod("staticFieldBase", Field.class).invoke(unsafe, field);
        }

        private Object offset(Field field) throws ReflectiveOperationException {
            return type.getMethod("staticFieldOffset", Field.class).invoke(unsafe, field);
        }

        private void put(Object object, Object offset, Object value) throws ReflectiveOperationException {
            boolean number = value instanceof Integer;
            type.getMethod(number ? "putInt" : "putObject", Object.class, long.class, number ? int.class : Object.class)
                    .invoke(unsafe, object, offset, value);
        }
    }

    /** Loads all of a plug-in's own, its test's and the API's classes anew, from where they are. */
    private static final class Loader extends ClassLoader {

        Loader(ClassLoader parent) {
            super(parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (ONCE.stream().anyMatch(name::startsWith)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                if (known != null) {
                    return known;
                }
                byte[] code = code(name);
                return code == null ? super.loadClass(name, resolve) : defineClass(name, code, 0, code.length);
            }
        }

        private byte[] code(String name) {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    return null;
                }
                byte[] code = in.readAllBytes();
                // an attribute that Java does not know says nothing
                return name.startsWith("org.qrm.api.")
                        ? new String(code, ISO_8859_1)
                                .replace("PermittedSubclasses", "PermittedUntilThen_")
                                .getBytes(ISO_8859_1)
                        : code;
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }
}
