package org.qrm.shell.internal;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.apache.karaf.shell.support.table.ShellTable;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.audit.AuditLog;
import org.qrm.api.user.Role;
import org.qrm.commands.LocalFar;

/**
 * A command that shows something: a table or lines for people, or the JSON of the REST interface. It fails with the
 * sentence of a {@link QrmException}.
 */
public abstract class ShowingCommand implements Action {

    @Reference(optional = true)
    AuditLog auditLog;

    @Option(name = "--json", description = "Write JSON as the REST interface answers it.")
    boolean asJson;

    @Option(name = "-o", aliases = "--output", description = "table or json.")
    @Completion(
            value = StringsCompleter.class,
            values = {"table", "json"})
    String output = "table";

    final PrintStream out = System.out;

    @Reference(optional = true)
    Session session;

    /**
     * Fails with an exception at a terminal; else, for {@code ssh HOST qrm:…} and the scripts around it, with the exit
     * status of bin/qrm, which Karaf takes from what a command answers, while any exception is 1 to it.
     */
    @Override
    public final Object execute() throws Exception {
        if (session == null || session.getTerminal() != null) {
            return attempt();
        }
        try {
            return attempt();
        } catch (QrmException refused) {
            // where Karaf shows what fails, too
            session.getConsole().println(refused.getMessage());
            session.getConsole().flush();
            return LocalFar.status(refused.problem().kind());
        }
    }

    private Object attempt() throws Exception {
        if (!List.of("table", "json").contains(output)) {
            throw QrmException.invalid("write the answer", output, "there is no such form", "Say table or json.");
        }
        CommandUser user = CommandUser.current();
        if (looks()) {
            carryOut(user);
        } else {
            audited(user);
        }
        return null;
    }

    private boolean looks() {
        Needs needs = getClass().getAnnotation(Needs.class);
        return needs != null && (needs.onlyToLook() || needs.value() == Role.VIEWER);
    }

    private void carryOut(CommandUser user) throws Exception {
        user.requireFor(getClass(), commandName());
        requireServices();
        run();
    }

    /** A change is put down with what came of it, and not made when that could not be. */
    private void audited(CommandUser user) throws Exception {
        if (auditLog == null) {
            user.requireFor(getClass(), commandName());
            throw absent(AuditLog.class);
        }
        auditLog.requireWritable();
        String result = "ok";
        try {
            carryOut(user);
        } catch (QrmException e) {
            result = e.problem().reason();
            throw e;
        } catch (Exception | LinkageError e) {
            result = "failed: " + e.getClass().getSimpleName();
            throw e;
        } finally {
            auditLog.append(user.name(), "console", commandName(), subject(), result);
        }
    }

    /** What the command is about: its first argument. The others, and options, may hold secrets. */
    String subject() {
        for (Class<?> type = getClass(); type != ShowingCommand.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                Argument argument = field.getAnnotation(Argument.class);
                if (argument != null && argument.index() == 0) {
                    return String.valueOf(value(field));
                }
            }
        }
        return "";
    }

    private Object value(Field field) {
        try {
            return field.get(this);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("arguments of commands must be readable: " + field, e);
        }
    }

    abstract void run() throws Exception;

    /** Asked for, not given as an option: the console keeps its lines. */
    final String typedTwice(String attempted, String subject, String prompt) throws IOException {
        String value = session.readLine(prompt + ": ", '*');
        if (value == null || !value.equals(session.readLine("Once more: ", '*'))) {
            throw QrmException.invalid(attempted, subject, "the two differ", "Type the same twice.");
        }
        return value;
    }

    final boolean json() {
        return asJson || output.equals("json");
    }

    /** A sentence for people. */
    final void say(String line) {
        if (!json()) {
            out.println(printable(line));
        }
    }

    /** @param columns names of the fields that people see */
    final void list(List<Map<String, Object>> items, String... columns) {
        if (json()) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("items", items);
            answer.put("next", null);
            out.println(Json.write(answer));
            return;
        }
        ShellTable table = new ShellTable();
        Arrays.stream(columns).forEach(table::column);
        for (Map<String, Object> item : items) {
            table.addRow()
                    .addContent(Arrays.stream(columns)
                            .map(column -> plain(item.get(column)))
                            .toArray());
        }
        table.print(out);
    }

    /** All about one thing. */
    final void item(Map<String, Object> item) {
        if (json()) {
            out.println(Json.write(item));
            return;
        }
        int width = item.keySet().stream().mapToInt(String::length).max().orElse(0);
        item.forEach((name, value) -> out.println(name + " ".repeat(width - name.length() + 2) + plain(value)));
    }

    private String commandName() {
        Command command = getClass().getAnnotation(Command.class);
        return command == null ? "the command" : command.scope() + ":" + command.name();
    }

    /** Karaf would take all commands away while one of their services is not there; so each looks for its own. */
    private void requireServices() throws IllegalAccessException {
        for (Class<?> type = getClass(); type != ShowingCommand.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.isAnnotationPresent(Reference.class) && field.get(this) == null) {
                    throw absent(field.getType());
                }
            }
        }
    }

    private static QrmException absent(Class<?> service) {
        return new QrmException(new Problem(
                Problem.Kind.UNAVAILABLE,
                "carry out the command",
                "",
                "the part of the server that has " + service.getSimpleName() + " is not there",
                "Try again in a moment; if it lasts, look into the server's log."));
    }

    /** A constant from its word. */
    static <E extends Enum<E>> E constant(Class<E> type, String option, String word) {
        if (word == null) {
            return null;
        }
        for (E constant : type.getEnumConstants()) {
            if (Json.word(constant).equalsIgnoreCase(word)) {
                return constant;
            }
        }
        String words = Arrays.stream(type.getEnumConstants()).map(Json::word).collect(Collectors.joining(", "));
        throw QrmException.invalid("read " + option, word, "it is none of " + words, "Use one of those.");
    }

    private static String plain(Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof List<?> list) {
            return list.stream().map(ShowingCommand::plain).collect(Collectors.joining(", "));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + plain(entry.getValue()))
                    .collect(Collectors.joining(" "));
        }
        return printable(value instanceof Enum<?> constant ? Json.word(constant) : value.toString());
    }

    /** Machines choose some of these words: a terminal must not obey them. */
    private static String printable(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
    }
}
