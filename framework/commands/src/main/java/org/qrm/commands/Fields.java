package org.qrm.commands;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;
import org.qrm.api.Name;
import org.qrm.api.QrmException;

/** Checks a request against what {@link About} says of its fields. */
final class Fields {

    private Fields() {}

    static void check(Object request) {
        if (request == null) {
            throw QrmException.invalid("read the request", "", "the body is null", "Send one JSON object.");
        }
        check(request, "");
    }

    private static void check(Object object, String prefix) {
        for (RecordComponent component : object.getClass().getRecordComponents()) {
            About about = component.getAnnotation(About.class);
            Object value = value(component, object);
            String path = prefix + component.getName();
            if (value == null && !about.optional()) {
                throw refuse(path, "this field is missing", "Give it a value.");
            }
            checkValue(value, path, about.most());
        }
    }

    private static void checkValue(Object value, String path, int most) {
        if (value instanceof String text && text.length() > most) {
            throw refuse(path, "its text has " + text.length() + " characters", "Use at most " + most + ".");
        } else if (value instanceof ResourceRef ref) {
            checkValue(ref.text(), path, most);
        } else if (value instanceof Collection<?> list) {
            checkSize(list.size(), path, most);
            int i = 0;
            for (Object item : list) {
                checkItem(item, path + "[" + i++ + "]");
            }
        } else if (value instanceof Map<?, ?> map) {
            checkSize(map.size(), path, most);
            map.forEach((key, item) -> checkItem(item, path + "." + key));
        } else if (value != null && value.getClass().isRecord()) {
            check(value, path + ".");
        }
    }

    private static void checkItem(Object item, String path) {
        if (item == null) {
            throw refuse(path, "it is null", "Leave it out.");
        }
        checkValue(item, path, 4096);
    }

    private static void checkSize(int size, String path, int most) {
        if (size > most) {
            throw refuse(path, "it has " + size + " items", "Send at most " + most + ".");
        }
    }

    /** A component of a record, by its name. */
    static Object value(Record object, String name) {
        for (RecordComponent component : object.getClass().getRecordComponents()) {
            if (component.getName().equals(name)) {
                return value(component, object);
            }
        }
        throw new IllegalStateException(object.getClass() + " has no component " + name);
    }

    private static Object value(RecordComponent component, Object object) {
        try {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(object);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("records of requests must be readable: " + component, e);
        }
    }

    private static QrmException refuse(String path, String reason, String remedy) {
        return QrmException.invalid("read the request", Name.printable(path), reason, remedy);
    }
}
