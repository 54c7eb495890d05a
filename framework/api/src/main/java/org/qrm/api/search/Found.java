package org.qrm.api.search;

import java.util.Objects;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.event.Event;
import org.qrm.api.image.BootImage;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.operation.Operation;
import org.qrm.api.resource.Resource;
import org.qrm.api.storage.StorageServer;

/**
 * Something that was found.
 *
 * @param kind what it is
 * @param id by what it is addressed: a number, or its name
 * @param name what people call it; of an event its description, of an operation what is done on what
 * @param state where it stands, of an event its priority; null for what has none
 * @param field in what of it the text was found: {@code name}, {@code MAC address}; empty where no text was looked for
 * @param text what stands there
 */
public record Found(FoundKind kind, String id, String name, Enum<?> state, String field, String text) {

    public Found {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(id);
        Objects.requireNonNull(name);
        Objects.requireNonNull(field);
        Objects.requireNonNull(text);
    }

    private Found(FoundKind kind, String id, String name, Enum<?> state) {
        this(kind, id, name, state, "", "");
    }

    public static Found of(Resource resource) {
        return new Found(FoundKind.RESOURCE, Long.toString(resource.id()), resource.name(), resource.state());
    }

    public static Found of(VirtualEnvironment environment) {
        return new Found(FoundKind.VIRTUAL_ENVIRONMENT, environment.name(), environment.name(), environment.state());
    }

    public static Found of(FilesystemImage image) {
        return new Found(FoundKind.FILESYSTEM_IMAGE, image.name(), image.name(), image.state());
    }

    public static Found of(BootImage image) {
        return new Found(FoundKind.BOOT_IMAGE, image.name(), image.name(), null);
    }

    public static Found of(StorageServer server) {
        return new Found(FoundKind.STORAGE_SERVER, server.name(), server.name(), null);
    }

    public static Found of(Operation operation) {
        return new Found(
                FoundKind.OPERATION,
                Long.toString(operation.id()),
                operation.kind() + " " + operation.subject(),
                operation.state());
    }

    public static Found of(Event event) {
        return new Found(FoundKind.EVENT, Long.toString(event.id()), event.description(), event.priority());
    }

    /** The same, with what the text was found in. */
    public Found in(String where, String said) {
        return new Found(kind, id, name, state, where, said);
    }
}
