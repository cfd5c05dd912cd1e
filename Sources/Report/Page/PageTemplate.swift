import Mustache

/// The page's text. `{{x}}` is escaped; `{{{x}}}` stands only where this program made the text itself: style and data URIs.
enum PageTemplate {
  /// Parsed once. The escaper is registered before the first template is read.
  static let template: Result<MustacheTemplate, any Error> = {
    MustacheContentTypes.register(HTMLText(), named: HTMLText.name)
    return Result { try MustacheTemplate(string: "{{% CONTENT_TYPE:\(HTMLText.name)}}" + text) }
  }()

  private static let text = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>{{title}} · Plumbline report</title>
    <style>{{{style}}}</style>
    </head>
    <body>
    <header>
    <p class="kind">Plumbline report</p>
    <h1>{{title}}</h1>
    {{#about}}<p class="about">{{.}}</p>{{/about}}
    <dl class="facts">
    <div><dt>Ended</dt><dd><span class="badge {{endingClass}}">{{ending}}</span></dd></div>
    {{#facts}}<div><dt>{{name}}</dt><dd>{{value}}</dd></div>
    {{/facts}}
    </dl>
    {{#command}}<pre class="command"><code>{{.}}</code></pre>{{/command}}
    <nav>{{#links}}<a href="#{{anchor}}">{{label}}</a> {{/links}}</nav>
    </header>
    <main>
    {{#hasNotes}}<section id="notes" class="notes"><h2>Notes</h2><ul>{{#notes}}<li>{{.}}</li>{{/notes}}</ul></section>{{/hasNotes}}
    {{#hasFindings}}
    <section id="summary"><h2>What was measured</h2>
    <dl class="findings">
    {{#findings}}<div><dt>{{topic}}</dt><dd>{{text}}{{#hasItems}}<ul>{{#items}}<li>{{.}}</li>{{/items}}</ul>{{/hasItems}}</dd></div>
    {{/findings}}
    </dl></section>
    {{/hasFindings}}
    {{#hasFigures}}
    <section id="figures"><h2>Figures</h2>
    <div class="figures">
    {{#figures}}
    <figure>
    <h3>{{heading}}</h3>
    {{#picture}}<img src="{{{source}}}" alt="{{alt}}" />{{/picture}}
    {{^picture}}<p class="missing">Not drawn; the numbers are under “Curves”.</p>{{/picture}}
    <figcaption>{{caption}} <span class="files">{{#files}}<a href="{{path}}">{{kind}}</a> {{/files}}</span></figcaption>
    </figure>
    {{/figures}}
    </div></section>
    {{/hasFigures}}
    {{#hasScores}}
    <section id="scores"><h2>Scores</h2>
    {{#scores}}
    {{#isSeveral}}<h3>{{heading}}</h3>{{/isSeveral}}
    <div class="wide"><table>
    <thead><tr>{{#heads}}<th class="{{align}}">{{label}}</th>{{/heads}}</tr></thead>
    <tbody>
    {{#rows}}<tr>{{#values}}<td class="{{align}}">{{text}}</td>{{/values}}</tr>
    {{/rows}}
    </tbody></table></div>
    <p class="caption">{{#hasMore}}<strong>{{more}}</strong> {{/hasMore}}{{caption}} <span class="files">{{#files}}<a href="{{path}}">{{kind}}</a> {{/files}}</span></p>
    {{/scores}}
    </section>
    {{/hasScores}}
    {{#hasSamples}}
    <section id="samples"><h2>Samples</h2>
    <div class="samples">
    {{#samples}}
    <figure><img class="pixels" src="{{{source}}}" alt="{{alt}}" /><figcaption><strong>{{label}}</strong><br />{{detail}}</figcaption></figure>
    {{/samples}}
    </div>
    <p class="caption">The same place in two grids is the same sample index, so the same noise when the seeds agree.</p>
    </section>
    {{/hasSamples}}
    {{#hasCurves}}
    <section id="curves"><h2>Curves</h2>
    {{#curves}}
    <details{{#isOpen}} open="open"{{/isOpen}}><summary>{{heading}}</summary>
    <div class="wide"><table class="numbers">
    <thead><tr>{{#heads}}<th class="{{align}}">{{label}}</th>{{/heads}}</tr></thead>
    <tbody>
    {{#rows}}<tr>{{#values}}<td class="{{align}}">{{text}}</td>{{/values}}</tr>
    {{/rows}}
    </tbody></table></div>{{#hasMore}}<p class="caption">{{more}}</p>{{/hasMore}}</details>
    {{/curves}}
    </section>
    {{/hasCurves}}
    {{#hasParameters}}
    <section id="parameters"><h2>Parameters</h2>
    <div class="wide"><table>
    <thead><tr><th>parameter</th><th>value</th><th>from</th></tr></thead>
    <tbody>
    {{#parameters}}<tr><td><code>{{name}}</code></td><td><code>{{value}}</code></td><td>{{origin}}</td></tr>
    {{/parameters}}
    </tbody></table></div></section>
    {{/hasParameters}}
    {{#hasCells}}
    <section id="cells"><h2>Cells</h2>
    {{#hasCellsLeft}}<p class="caption">{{cellsLeft}}</p>{{/hasCellsLeft}}
    {{#cells}}
    <article class="cell">
    <h3><code>{{cell}}</code></h3>
    <p><span class="badge {{state}}">{{state}}</span> {{stage}}{{#time}} · {{.}}{{/time}}</p>
    <dl class="digests">
    {{#hasKey}}<div><dt>key</dt><dd><code>{{key}}</code></dd></div>{{/hasKey}}
    {{#hasRecipeKey}}<div><dt>recipe key</dt><dd><code>{{recipeKey}}</code></dd></div>{{/hasRecipeKey}}
    {{#outputs}}<div><dt>{{port}}</dt><dd><code>{{digest}}</code></dd></div>
    {{/outputs}}
    </dl>
    {{#hasSettings}}<details><summary>parameters</summary><dl class="digests">
    {{#settings}}<div><dt>{{name}}</dt><dd><code>{{value}}</code></dd></div>
    {{/settings}}
    </dl></details>{{/hasSettings}}
    </article>
    {{/cells}}
    </section>
    {{/hasCells}}
    <section id="numerics"><h2>Numerics and versions</h2>
    {{#machine}}<p>{{.}}</p>{{/machine}}
    {{#hasVersions}}<dl class="digests">
    {{#versions}}<div><dt>{{name}}</dt><dd><code>{{value}}</code></dd></div>
    {{/versions}}
    </dl>{{/hasVersions}}
    {{#profile}}<pre><code>{{.}}</code></pre>{{/profile}}
    </section>
    {{#pipeline}}<section id="pipeline"><h2>Pipeline</h2>
    <pre><code>{{.}}</code></pre></section>{{/pipeline}}
    </main>
    <footer><p>Figures, tables and sample grids are also files beside this page. The page itself needs none of them.</p></footer>
    </body>
    </html>

    """
}
