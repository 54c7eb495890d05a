package org.qrm.shell.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.karaf.shell.api.console.Command;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Parser;
import org.apache.karaf.shell.api.console.Session;
import org.qrm.api.QrmException;
import org.qrm.commands.AuditTrail;
import org.qrm.commands.Commands;
import org.qrm.commands.LocalFar;
import org.qrm.commands.Router;
import org.qrm.commands.line.Failure;
import org.qrm.commands.line.Far;
import org.qrm.commands.line.Screen;
import org.qrm.commands.line.Verb;
import org.qrm.commands.line.VerbLine;
import org.qrm.commands.line.noun.Nouns;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** A verb as a command of Karaf: of the server's description, or one by hand. */
final class VerbCommand implements Command {

    private static final String SCOPE = "qrm";
    private static final int LONGEST_LINE = 64 * 1024;

    private final Verb verb;
    private final Function<Nouns.Face, CommandLine> typed;
    private final Commands described;
    private final Router router;
    private final AuditTrail audit;

    /** Of the description. */
    VerbCommand(Verb verb, Commands described, Router router, AuditTrail audit) {
        this(verb, face -> new CommandLine(VerbLine.of(verb, face)), described, router, audit);
    }

    private VerbCommand(
            Verb verb, Function<Nouns.Face, CommandLine> typed, Commands described, Router router, AuditTrail audit) {
        this.verb = verb;
        this.typed = typed;
        this.described = described;
        this.router = router;
        this.audit = audit;
    }

    /** All that are by hand. */
    static List<VerbCommand> byHand(Commands described, Router router, AuditTrail audit) {
        List<VerbCommand> commands = new ArrayList<>();
        Nouns.nouns()
                .forEach((noun, made) -> Nouns.verbs(made.apply(null).getClass())
                        .forEach(method -> commands.add(new VerbCommand(
                                Nouns.sketch(noun, method),
                                face -> Nouns.line(method, made.apply(face)),
                                described,
                                router,
                                audit))));
        return commands;
    }

    /** How the answer is to be written. */
    static final class Output {
        @Option(
                names = {"-o", "--output"},
                paramLabel = "FORMAT",
                description = "How the answer is written: ${COMPLETION-CANDIDATES}; table unless given.")
        Screen.Format format = Screen.Format.table;

        @Option(names = "--json", description = "The same as -o json.")
        boolean json;

        @Option(
                names = "--columns",
                paramLabel = "COLUMN,...",
                split = ",",
                description = "Only these columns of a list, by title or by the name of a field.")
        List<String> columns = List.of();

        @Option(names = "--no-headers", description = "A table without its line of titles.")
        boolean noHeaders;

        Screen.Form form(Session session) {
            boolean terminal = session.getTerminal() != null;
            int height = terminal ? session.getTerminal().getHeight() : 0;
            return new Screen.Form(
                    json ? Screen.Format.json : format,
                    terminal ? session.getTerminal().getWidth() : 0,
                    height,
                    Screen.Form.colours(height, System.getenv("NO_COLOR"), null),
                    columns,
                    !noHeaders);
        }
    }

    @Override
    public String getScope() {
        return SCOPE;
    }

    @Override
    public String getName() {
        return verb.words().replace(' ', '-');
    }

    @Override
    public String getDescription() {
        return verb.about();
    }

    @Override
    public Parser getParser() {
        return null;
    }

    @Override
    public Completer getCompleter(boolean scoped) {
        return new VerbCompleter(verb, described, this::far);
    }

    /**
     * Fails with an exception at a terminal; else, for {@code ssh HOST qrm:…} and the scripts around it, with the exit
     * status of bin/qrm, which Karaf takes from what a command answers, while any exception is 1 to it.
     */
    @Override
    public Object execute(Session session, List<Object> arguments) {
        String[] words = arguments.stream().map(String::valueOf).toArray(String[]::new);
        AtomicReference<Failure> failure = new AtomicReference<>();
        int status = line(session, failure).execute(words);
        if (failure.get() != null && session.getTerminal() != null) {
            throw failure.get();
        }
        if (failure.get() != null) {
            // where Karaf shows what fails, too
            session.getConsole().println(failure.get().getMessage());
            session.getConsole().flush();
        }
        return status == 0 ? null : (Object) status;
    }

    private CommandLine line(Session session, AtomicReference<Failure> failure) {
        Output output = new Output();
        CommandLine line = typed.apply(new Face(session, output));
        CommandSpec spec = line.getCommandSpec();
        spec.name(SCOPE + ":" + getName());
        spec.addMixin("output", CommandSpec.forAnnotatedObject(output));
        line.setOut(new PrintWriter(System.out, true));
        line.setErr(new PrintWriter(System.err, true));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        // picocli would print what a handler throws
        line.setParameterExceptionHandler((problem, given) -> failed(
                failure,
                Failure.usage(
                        "Cannot read the command: " + problem.getMessage() + ". See " + spec.name() + " --help.")));
        line.setExecutionExceptionHandler((problem, where, parsed) -> failed(
                failure,
                problem instanceof Failure known
                        ? known
                        : problem instanceof QrmException refused
                                ? new Failure(LocalFar.status(refused.problem().kind()), refused.getMessage())
                                : new Failure(Failure.FAILED, "This is a fault of " + spec.name() + ": " + problem)));
        return line;
    }

    private static int failed(AtomicReference<Failure> failure, Failure why) {
        failure.set(why);
        return why.status();
    }

    private Far far() {
        return new LocalFar(router, audit, CommandUser.current().caller(), SCOPE + ":" + getName());
    }

    /** This console. */
    private final class Face implements Nouns.Face {
        private final Session session;
        private final Output output;

        Face(Session session, Output output) {
            this.session = session;
            this.output = output;
        }

        @Override
        public Far far() {
            return VerbCommand.this.far();
        }

        @Override
        public Screen screen() {
            return new Screen(System.out, System.err, output.form(session));
        }

        @Override
        public String typed(String noun, String verb) {
            return SCOPE + ":" + noun + "-" + verb;
        }

        @Override
        public JsonNode session() {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("user", CommandUser.current().name());
        }

        @Override
        public String secret(String prompt) {
            String value = knownSecret(prompt);
            if (session.getTerminal() != null && !value.equals(knownSecret("Once more"))) {
                throw Failure.usage("The two differ; nothing was changed.");
            }
            return value;
        }

        @Override
        public String knownSecret(String prompt) {
            String line = session.getTerminal() != null ? asked(prompt) : nextLine();
            if (line == null || line.isEmpty()) {
                throw Failure.usage(prompt + ": type it, or write it as the first line of the input.");
            }
            return line;
        }

        private String asked(String prompt) {
            try {
                return session.readLine(prompt + ": ", '*');
            } catch (IOException gone) {
                return null;
            }
        }

        /** No more than the line: the next one may be another answer. */
        private String nextLine() {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            try {
                int read = session.getKeyboard().read();
                while (read >= 0 && read != '\n' && line.size() < LONGEST_LINE) {
                    line.write(read);
                    read = session.getKeyboard().read();
                }
            } catch (IOException gone) {
                return null;
            }
            return line.toString(StandardCharsets.UTF_8).strip();
        }

        @Override
        public String input() throws IOException {
            if (session.getTerminal() != null) {
                throw Failure.usage("There is no input at this terminal: name a file.");
            }
            return new String(session.getKeyboard().readNBytes(LONGEST_LINE), StandardCharsets.UTF_8);
        }

        @Override
        public boolean agrees(String question) {
            if (session.getTerminal() == null) {
                return true;
            }
            try {
                return "yes".equals(session.readLine(question + " (yes/no) ", null));
            } catch (IOException gone) {
                return false;
            }
        }
    }
}
