// Maven's batch mode does not ask archetype-metadata.xml what a value may be. A plug-in whose id the server refuses would
// only be a line in its log, and other values would break what is generated.
def allowed = [
    groupId    : [/[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*/, 'words of letters, digits, _ and -, with dots between'],
    artifactId : [/[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*/, 'words of letters, digits, _ and -, with dots between'],
    'package'  : [/[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*/, 'a Java package'],
    pluginId   : [/[a-z][a-z0-9-]{0,31}/, '1 to 32 small letters, digits and -, starting with a letter'],
    pluginTitle: [/[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}/, '1 to 60 letters, digits, blanks, . _ and -, starting with a letter or digit'],
]
def wrong = allowed.findAll { name, rule -> !(request.properties[name] ==~ rule[0]) }
if (wrong) {
    def reasons = wrong.collect { name, rule -> "${name} is \"${request.properties[name]}\"; use ${rule[1]}" }
    throw new IllegalArgumentException(reasons.join('. ') + '. Remove what was generated and try again.')
}
