package org.qrm.api.command;

import java.util.List;
import org.qrm.api.user.Role;

/** What a command of a plug-in is, for all faces: made by one of the three methods, and completed by the others. */
public final class CommandDescription {

    /** What it does. There may be more of them later: a {@code switch} needs a {@code default}. */
    public enum Effect {
        /** It changes nothing, and is not in the audit log. */
        READS,
        CHANGES,
        /** It changes something, as an operation that can be waited for and cancelled. */
        WORKS
    }

    private final String verb;
    private final String summary;
    private final Effect effect;
    private final Role role;
    private final List<CommandField> input;
    private final List<CommandField> output;
    private final boolean list;

    private CommandDescription(
            String verb,
            String summary,
            Effect effect,
            Role role,
            List<CommandField> input,
            List<CommandField> output,
            boolean list) {
        if (!verb.matches("[a-z][a-z0-9-]{0,31}")) {
            throw new IllegalArgumentException(verb + " is no verb; one is switch-off");
        }
        if (!summary.endsWith(".")) {
            throw new IllegalArgumentException("the summary of " + verb + " is no sentence");
        }
        this.verb = verb;
        this.summary = summary;
        this.effect = effect;
        this.role = role;
        this.input = List.copyOf(input);
        this.output = List.copyOf(output);
        this.list = list;
    }

    /**
     * Of a command that shows something; for viewers unless {@link #role} says otherwise.
     *
     * @param verb 1 to 32 small letters, digits and {@code -}
     * @param summary a sentence
     */
    public static CommandDescription reads(String verb, String summary) {
        return of(verb, summary, Effect.READS, Role.VIEWER);
    }

    /** Of a command that changes something at once; for operators unless {@link #role} says otherwise. */
    public static CommandDescription changes(String verb, String summary) {
        return of(verb, summary, Effect.CHANGES, Role.OPERATOR);
    }

    /** Of a command that takes its time; for operators unless {@link #role} says otherwise. It answers nothing. */
    public static CommandDescription works(String verb, String summary) {
        return of(verb, summary, Effect.WORKS, Role.OPERATOR);
    }

    private static CommandDescription of(String verb, String summary, Effect effect, Role role) {
        return new CommandDescription(verb, summary, effect, role, List.of(), List.of(), false);
    }

    /** The least that may use it. */
    public CommandDescription role(Role needed) {
        return new CommandDescription(verb, summary, effect, needed, input, output, list);
    }

    /** What it takes, each once. */
    public CommandDescription takes(CommandField... fields) {
        return new CommandDescription(verb, summary, effect, role, List.of(fields), output, list);
    }

    /** What its answer has. */
    public CommandDescription answers(CommandField... fields) {
        return new CommandDescription(verb, summary, effect, role, input, List.of(fields), false);
    }

    /** What each of the things that it answers has: it answers a list. */
    public CommandDescription answersListOf(CommandField... fields) {
        return new CommandDescription(verb, summary, effect, role, input, List.of(fields), true);
    }

    public String verb() {
        return verb;
    }

    public String summary() {
        return summary;
    }

    public Effect effect() {
        return effect;
    }

    public Role role() {
        return role;
    }

    public List<CommandField> input() {
        return input;
    }

    public List<CommandField> output() {
        return output;
    }

    /** Whether it answers a list. */
    public boolean isList() {
        return list;
    }
}
