package org.qrm.core.settings;

import com.fasterxml.jackson.core.type.TypeReference;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.qrm.api.QrmException;
import org.qrm.core.plugin.Answer;
import org.qrm.core.store.Json;
import org.qrm.core.store.Seal;

/**
 * What one plug-in was answered about one thing, as two columns have it.
 *
 * @param answers JSON of those that are no secrets, by question
 * @param sealed the secrets, as JSON, too; null when there are none
 */
record SealedAnswers(String answers, String sealed) {

    /** Characters, of all answers in one column. */
    private static final int LONGEST = 16_000;

    private static final TypeReference<TreeMap<String, String>> TEXTS = new TypeReference<>() {};

    /**
     * Seals.
     *
     * @param place what they are about, which secrets are bound to
     * @throws QrmException INVALID when they are too long together
     */
    static SealedAnswers of(Seal seal, String plugin, String place, Map<String, Answer> answers) {
        Map<String, String> open = new TreeMap<>();
        Map<String, String> secret = new TreeMap<>();
        answers.forEach((question, answer) -> (answer.secret() ? secret : open).put(question, answer.text()));
        String text = Json.write(open);
        String sealed = secret.isEmpty() ? null : seal.seal(place, Json.write(secret));
        if (text.length() > LONGEST || sealed != null && sealed.length() > LONGEST) {
            throw QrmException.invalid(
                    ObjectSettingsService.CONFIGURE, plugin, "the answers are too long together", "Shorten them.");
        }
        return new SealedAnswers(text, sealed);
    }

    static SealedAnswers in(ResultSet row) throws SQLException {
        return new SealedAnswers(row.getString("answers"), row.getString("sealed"));
    }

    /** Those that are no secrets. */
    Map<String, Answer> shown() {
        return texts(answers, false);
    }

    /**
     * The secrets.
     *
     * @throws QrmException FAILED when they cannot be opened
     */
    Map<String, Answer> secrets(Seal seal, String place) {
        return sealed == null ? Map.of() : texts(seal.open(place, sealed), true);
    }

    /**
     * All of them.
     *
     * @throws QrmException FAILED when the secrets cannot be opened
     */
    Map<String, Answer> open(Seal seal, String place) {
        Map<String, Answer> all = new TreeMap<>(shown());
        all.putAll(secrets(seal, place));
        return all;
    }

    private static Map<String, Answer> texts(String json, boolean secret) {
        Map<String, Answer> answers = new LinkedHashMap<>();
        Json.read(json, TEXTS).forEach((question, text) -> answers.put(question, new Answer(text, secret)));
        return answers;
    }
}
