package org.qrm.core.storage;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.storage.StorageType;
import org.qrm.core.call.Admission;
import org.qrm.core.call.Whiteboard;

/** The storage types that plug-ins offer at the moment. */
public final class StorageTypes {

    private final Whiteboard<StorageType> board;

    public StorageTypes(Whiteboard<StorageType> board) {
        this.board = board;
    }

    /** As names are compared and stored: {@code NFS} and {@code nfs} are the same. */
    static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    public Optional<StorageType> find(String name) {
        return board.find(type -> key(type.name()).equals(key(name)));
    }

    /** Names of those whose bundle is one of these. */
    public List<String> of(Predicate<Bundle> bundles) {
        return board.services().stream()
                .filter(type -> bundles.test(FrameworkUtil.getBundle(originalOf(type))))
                .map(type -> key(type.name()))
                .toList();
    }

    private static Class<?> originalOf(StorageType type) {
        return (type instanceof Admission.Guarded guarded ? guarded.original() : type).getClass();
    }

    /** @throws QrmException UNAVAILABLE when no plug-in offers it now */
    public StorageType require(String attempted, String subject, String name) {
        return find(name).orElseThrow(() -> missing(attempted, subject, name));
    }

    /** Why nothing can be done with that type now. */
    public static QrmException missing(String attempted, String subject, String name) {
        return new QrmException(new Problem(
                Problem.Kind.UNAVAILABLE,
                attempted,
                subject,
                "no plug-in offers the storage type " + name + " now",
                "Start the bundle of the plug-in that does, then try again."));
    }
}
