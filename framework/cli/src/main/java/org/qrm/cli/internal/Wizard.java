package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Console;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.qrm.commands.line.Failure;
import org.qrm.commands.line.Far;
import org.qrm.commands.line.noun.WizardForm;
import org.qrm.commands.line.noun.WizardQuestion;

/**
 * Asks the questions of a plug-in's wizard, one line each, until the server takes the answers or one leaves. What is open
 * is asked in the order of the questions: all at first, then what was wrong, and what one went back to.
 */
final class Wizard {

    private static final String WORDS =
            "Enter takes what is in brackets; b goes back to the question before, q leaves and"
                    + " keeps the answers, - leaves one empty.";

    private static final String BACK = "b";
    private static final String LEAVE = "q";
    private static final String EMPTY = "-";
    private static final String SAME = "=";

    private final Session session;
    private final List<WizardQuestion> questions = new ArrayList<>();
    private final TreeSet<Integer> open = new TreeSet<>();
    private final Map<String, String> refused = new HashMap<>();
    private ObjectNode answers = Rest.JSON.createObjectNode();
    private ObjectNode proposed = answers;

    Wizard(Session session) {
        this.session = session;
    }

    /** Returns the exit status. */
    int run(String plugin) {
        String path = "/plugins/" + Far.encoded(plugin) + "/wizard";
        JsonNode wizard = session.rest().get(path);
        wizard.path("questions").forEach(question -> questions.add(new WizardQuestion(question)));
        if (questions.isEmpty()) {
            session.screen().sentence("Plug-in " + plugin + " asks nothing.");
            return 0;
        }
        // whoever is interrupted goes on where he was
        proposed = WizardForm.before(wizard);
        ObjectNode draft = WizardForm.given(wizard, "draft");
        session.out().println(WORDS);
        openAll();
        while (askWhatIsOpen(path, draft)) {
            try {
                session.screen()
                        .sentence(WizardForm.accepted(plugin, session.rest().put(path, WizardForm.body(answers))));
                return 0;
            } catch (Failure wrong) {
                if (wrong.status() != Failure.USAGE) {
                    throw wrong;
                }
                openWhatIsWrong(wrong);
            }
        }
        session.screen().sentence("The answers are kept: the wizard proposes them next time.");
        return refused.isEmpty() ? 0 : Failure.USAGE;
    }

    private void openAll() {
        for (int i = 0; i < questions.size(); i++) {
            open.add(i);
        }
    }

    private void openWhatIsWrong(Failure wrong) {
        session.out().println(wrong.getMessage());
        refused.clear();
        refused.putAll(wrong.errors());
        for (int i = 0; i < questions.size(); i++) {
            if (refused.containsKey(questions.get(i).name())) {
                open.add(i);
            }
        }
        if (open.isEmpty()) {
            openAll();
        }
    }

    /** Returns false when one leaves. */
    private boolean askWhatIsOpen(String path, ObjectNode draft) {
        while (!open.isEmpty()) {
            int at = open.first();
            WizardQuestion question = questions.get(at);
            String typed = read(question);
            if (typed.equals(LEAVE)) {
                return false;
            }
            if (typed.equals(BACK)) {
                if (at == 0) {
                    session.out().println("  This is the first question.");
                }
                open.add(Math.max(0, at - 1));
                continue;
            }
            String answer = question.spelt(meant(question, typed));
            boolean stays = question.secret() && answer.isEmpty();
            String wrong = stays ? "" : question.wrong(answer);
            if (!wrong.isEmpty()) {
                session.out().println("  " + wrong);
                continue;
            }
            open.remove(at);
            refused.remove(question.name());
            keep(question, answer, path, draft);
        }
        return true;
    }

    /** What is a secret, and was not typed again, stays as it is; what is one is in no draft. */
    private void keep(WizardQuestion question, String answer, String path, ObjectNode draft) {
        if (!answer.isEmpty() || !question.secret()) {
            answers.put(question.name(), answer);
        }
        if (!question.secret()) {
            draft.put(question.name(), answer);
            session.rest().put(path + "/draft", WizardForm.body(draft));
        }
    }

    private String meant(WizardQuestion question, String typed) {
        if (typed.isEmpty()) {
            return question.secret() ? "" : proposal(question);
        }
        if (typed.equals(EMPTY)) {
            return "";
        }
        if (typed.equals(SAME) && refused.containsKey(question.name())) {
            return last(question);
        }
        // the words of this dialogue can be answers, too
        boolean literal = typed.length() == 2
                && typed.charAt(0) == '\\'
                && (BACK + LEAVE + EMPTY + SAME).indexOf(typed.charAt(1)) >= 0;
        return literal ? typed.substring(1) : typed;
    }

    /** An answer that was wrong is not proposed again. */
    private String proposal(WizardQuestion question) {
        String last = last(question);
        boolean wrong =
                refused.containsKey(question.name()) || !question.wrong(last).isEmpty();
        if (last.isEmpty() || wrong) {
            return question.proposal().equals(last) ? "" : question.proposal();
        }
        return last;
    }

    private String last(WizardQuestion question) {
        JsonNode answered = answers.path(question.name());
        return answered.isMissingNode() ? proposed.path(question.name()).asText("") : answered.asText();
    }

    private String prompt(WizardQuestion question) {
        boolean again = refused.containsKey(question.name()) && !question.secret();
        String proposal = question.secret() ? "" : proposal(question);
        return question.text()
                + (question.choices().isEmpty() ? "" : " (" + String.join(", ", question.choices()) + ")")
                + (again ? " (not " + last(question) + "; = tries it again)" : "")
                + (proposal.isEmpty() ? "" : " [" + proposal + "]") + ": ";
    }

    private String read(WizardQuestion question) {
        // with one alone, its reason has just been told
        if (refused.size() > 1 && refused.containsKey(question.name())) {
            session.out().println("  " + refused.get(question.name()));
        }
        String prompt = prompt(question);
        Console console = System.console();
        if (question.secret() && console != null) {
            char[] typed = console.readPassword("%s", prompt);
            return typed == null ? LEAVE : new String(typed);
        }
        session.out().print(prompt);
        session.out().flush();
        try {
            String line = session.in().readLine();
            if (line == null) {
                throw Failure.usage("\nNo answer to \"" + question.text() + "\": the input has ended."
                        + " The answers before it are kept: the wizard proposes them next time.");
            }
            return line.strip();
        } catch (IOException e) {
            throw Failure.usage("Cannot read the answer: " + e.getMessage());
        }
    }
}
