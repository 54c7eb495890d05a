package org.qrm.core.settings;

import static org.qrm.core.call.Admission.PLUGIN_ID;
import static org.qrm.core.call.Admission.answered;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.plugin.Question;
import org.qrm.api.resource.Resource;
import org.qrm.api.settings.ObjectKind;
import org.qrm.api.settings.ObjectQuestions;
import org.qrm.core.call.Admission;
import org.qrm.core.call.PluginCalls;

/** What a plug-in asks about objects, as it said once. */
public final class AdmittedQuestions implements ObjectQuestions, Admission.Guarded {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration VALIDATION = Duration.ofSeconds(10);
    private static final Pattern QUESTION = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,62}");
    private static final int MOST = 50;
    private static final int LONGEST_PROPOSAL = 200;

    private final ObjectQuestions original;
    private final PluginCalls calls;
    private final String plugin;
    private final ObjectKind kind;
    private final List<Question> questions;

    private AdmittedQuestions(
            ObjectQuestions original, PluginCalls calls, String plugin, ObjectKind kind, List<Question> questions) {
        this.original = original;
        this.calls = calls;
        this.plugin = plugin;
        this.kind = kind;
        this.questions = questions;
    }

    /** Asks those that arrived whose they are, and what they ask. */
    public static Admission<ObjectQuestions> by(PluginCalls calls) {
        return service -> {
            String who = "questions of " + service.getClass().getName();
            String plugin = answered(
                    who, "plugin", calls.call(service, who, LIMIT, null, service::plugin), PLUGIN_ID, "\"ipmi\"");
            ObjectKind kind = answered(who, "kind", calls.call(service, who, LIMIT, null, service::kind));
            List<Question> questions = calls.call(
                    service, who, LIMIT, null, () -> List.copyOf(answered(who, "questions", service.questions())));
            refuseUseless(who, questions);
            return new Admission.Admitted<>(
                    new AdmittedQuestions(service, calls, plugin, kind, questions),
                    "questions of " + plugin + " about a " + kind.name().toLowerCase(Locale.ROOT));
        };
    }

    private static void refuseUseless(String who, List<Question> questions) {
        if (questions.isEmpty() || questions.size() > MOST) {
            throw Admission.useless(who, "it has " + questions.size() + " questions, not 1 to " + MOST);
        }
        Set<String> names = new HashSet<>();
        for (Question question : questions) {
            answered(who, "questions", question.name(), QUESTION, "\"address\"");
            if (!names.add(question.name())) {
                throw Admission.useless(who, "it asks for " + question.name() + " twice");
            }
        }
    }

    @Override
    public Object original() {
        return original;
    }

    @Override
    public String plugin() {
        return plugin;
    }

    @Override
    public ObjectKind kind() {
        return kind;
    }

    @Override
    public List<Question> questions() {
        return questions;
    }

    /** What it proposes that is fit to be shown; nothing when it fails. */
    @Override
    public Map<String, String> proposals(Resource resource) {
        String who = "questions of plug-in " + plugin;
        Map<String, String> all;
        try {
            all = calls.call(
                    this, who, LIMIT, null, () -> Map.copyOf(answered(who, "proposals", original.proposals(resource))));
        } catch (QrmException failed) {
            return Map.of();
        }
        Map<String, String> fit = new LinkedHashMap<>();
        for (Question question : questions) {
            String proposed = all.getOrDefault(question.name(), "");
            boolean isFit = question.type() != Question.Type.SECRET
                    && !proposed.isBlank()
                    && proposed.length() <= LONGEST_PROPOSAL
                    && proposed.codePoints().allMatch(Name::isShown);
            if (isFit) {
                fit.put(question.name(), proposed);
            }
        }
        return fit;
    }

    @Override
    public Map<String, String> validate(Map<String, String> answers) {
        String who = "questions of plug-in " + plugin;
        return calls.call(
                this,
                who,
                VALIDATION,
                null,
                () -> new LinkedHashMap<>(answered(who, "validate", original.validate(new LinkedHashMap<>(answers)))));
    }
}
