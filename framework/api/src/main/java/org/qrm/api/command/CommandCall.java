package org.qrm.api.command;

import java.util.Map;
import org.qrm.api.operation.WorkContext;

/** A call of a plug-in's command: what was given, checked against its description, and who asks. */
public final class CommandCall {

    private final Map<String, Object> input;
    private final String user;
    private final WorkContext work;

    private CommandCall(Map<String, Object> input, String user, WorkContext work) {
        this.input = Map.copyOf(input);
        this.user = user;
        this.work = work;
    }

    /**
     * Made by the server, and by tests of commands.
     *
     * @param input a String, Long or Boolean for each field that was given
     * @param user who asks
     * @param work what the call reports to and obeys
     */
    public static CommandCall of(Map<String, Object> input, String user, WorkContext work) {
        return new CommandCall(input, user, work);
    }

    public boolean has(String field) {
        return input.containsKey(field);
    }

    /** A field of type TEXT; null when it was not given. */
    public String text(String field) {
        return (String) input.get(field);
    }

    /** A field of type NUMBER, or that. */
    public long number(String field, long otherwise) {
        return (Long) input.getOrDefault(field, otherwise);
    }

    /** A field of type FLAG; false when it was not given. */
    public boolean flag(String field) {
        return (Boolean) input.getOrDefault(field, false);
    }

    /** Who asks, by name. */
    public String user() {
        return user;
    }

    /** What the call reports to and obeys. */
    public WorkContext work() {
        return work;
    }
}
