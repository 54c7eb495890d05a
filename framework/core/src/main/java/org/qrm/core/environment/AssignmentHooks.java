package org.qrm.core.environment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.assignment.Assignment;
import org.qrm.api.assignment.AssignmentListener;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.boot.SecretArgument;
import org.qrm.core.call.PluginCall;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.operation.Work;
import org.qrm.core.store.Database;

/** Calls the listeners of assignments: each within its limit, in order, on release in the opposite order. */
final class AssignmentHooks {

    private final Supplier<List<AssignmentListener>> listeners;
    private final PluginCalls calls;
    private final Duration limit;

    /** @param listeners those that are there now, highest service ranking first */
    AssignmentHooks(Supplier<List<AssignmentListener>> listeners, PluginCalls calls, Duration limit) {
        this.listeners = listeners;
        this.calls = calls;
        this.limit = limit;
    }

    BootConfiguration beforeAssign(Assignment assignment, BootConfiguration planned, Work work) {
        BootConfiguration now = planned;
        for (AssignmentListener listener : listeners.get()) {
            BootConfiguration before = now;
            now = call(listener, work, context -> listener.beforeAssign(assignment, before, context));
            if (now == null) {
                throw unusable(assignment, name(listener) + " answered no boot configuration");
            }
        }
        return now;
    }

    /** What the machine is told over its authenticated channel, by name. */
    Map<String, String> secretArguments(Assignment assignment, Work work) {
        Map<String, String> all = new TreeMap<>();
        for (AssignmentListener listener : listeners.get()) {
            Map<String, String> given = call(listener, work, context -> {
                Map<String, String> answer = listener.secretArguments(assignment, context);
                return answer == null ? null : Map.copyOf(answer);
            });
            if (given == null) {
                throw unusable(assignment, name(listener) + " answered no secret arguments");
            }
            given.forEach((name, value) -> {
                checkArgument(assignment, listener, name, value);
                if (all.put(name, value) != null) {
                    throw unusable(assignment, name(listener) + " gives it " + name + ", and so does another one");
                }
            });
        }
        if (all.size() > SecretArgument.MOST) {
            throw unusable(assignment, "listeners give it " + all.size() + " arguments, of " + SecretArgument.MOST);
        }
        return all;
    }

    private static void checkArgument(Assignment assignment, AssignmentListener listener, String name, String value) {
        try {
            SecretArgument.checkedValue(SecretArgument.checkedName(name), value);
        } catch (QrmException wrong) {
            throw unusable(assignment, name(listener) + ": " + wrong.problem().reason());
        }
    }

    private static QrmException unusable(Assignment assignment, String reason) {
        return QrmException.failed(
                "prepare assignment of",
                assignment.resource().name(),
                reason,
                "Update that plug-in, or remove it.",
                null);
    }

    void afterAssign(Assignment assignment, Work work) {
        for (AssignmentListener listener : listeners.get()) {
            call(listener, work, context -> {
                listener.afterAssign(assignment, context);
                return null;
            });
        }
    }

    /** A veto holds unless forced; then it is noted and passed over. */
    void beforeRelease(Assignment assignment, boolean force, Work work) {
        for (AssignmentListener listener : reversed()) {
            try {
                call(listener, work, context -> {
                    listener.beforeRelease(assignment, force, context);
                    return null;
                });
            } catch (QrmException objection) {
                Database.throwIfLost(objection);
                if (!force) {
                    throw objection;
                }
                work.log("Forced although " + objection.problem().reason());
            }
        }
    }

    /** What fails here is noted: the machine has left already. */
    void afterRelease(Assignment assignment, Work work) {
        for (AssignmentListener listener : reversed()) {
            try {
                call(listener, work, context -> {
                    listener.afterRelease(assignment, context);
                    return null;
                });
            } catch (QrmException failed) {
                Database.throwIfLost(failed);
                if (failed.problem().kind() == Problem.Kind.TIMEOUT) {
                    work.checkpoint();
                }
                work.log(failed.getMessage());
            }
        }
    }

    private <T> T call(AssignmentListener listener, Work work, PluginCall.Body<T> body) {
        return calls.call(listener, name(listener), limit, work, body);
    }

    private List<AssignmentListener> reversed() {
        List<AssignmentListener> list = new ArrayList<>(listeners.get());
        Collections.reverse(list);
        return list;
    }

    private static String name(AssignmentListener listener) {
        return "listener " + listener.getClass().getName();
    }
}
