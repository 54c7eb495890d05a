package org.qrm.core.call;

import java.util.Objects;
import java.util.regex.Pattern;
import org.qrm.api.Name;
import org.qrm.api.QrmException;

/**
 * What is asked of a service of a plug-in when it arrives, once: from then on the core sees only what was answered.
 *
 * @param <T> kind of the service
 */
@FunctionalInterface
public interface Admission<T> {

    /** What the id of a plug-in is. */
    Pattern PLUGIN_ID = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    /**
     * Who it is, and what stands for it from now on.
     *
     * @throws RuntimeException what it answers is of no use; it is left out, with that reason
     */
    Admitted<T> admit(T service);

    /**
     * A service that may be used.
     *
     * @param service what is called in its place
     * @param key only one service of a kind may have it, and the first to come does; null when any number may
     */
    record Admitted<T>(T service, String key) {
        public Admitted {
            Objects.requireNonNull(service);
        }
    }

    /** Stands for a service of a plug-in. */
    interface Guarded {

        /** The plug-in's own object. */
        Object original();
    }

    /** Takes it as it is. */
    static <T> Admission<T> any() {
        return service -> new Admitted<>(service, null);
    }

    /**
     * What a plug-in answered.
     *
     * @param who the plug-in or its service, for the message
     * @param question the method that was called
     * @throws QrmException FAILED when it is null
     */
    static <A> A answered(String who, String question, A answer) {
        if (answer == null) {
            throw useless(who, question + "() answered nothing");
        }
        return answer;
    }

    /** As above, of a text that has a form. */
    static String answered(String who, String question, String answer, Pattern form, String like) {
        if (!form.matcher(answered(who, question, answer)).matches()) {
            throw useless(who, question + "() answered \"" + Name.printable(answer) + "\", not something like " + like);
        }
        return answer;
    }

    /** For what a plug-in answered that is of no use. */
    static QrmException useless(String who, String reason) {
        return QrmException.failed("use", who, reason, "Update the plug-in; this is a fault of it.", null);
    }
}
