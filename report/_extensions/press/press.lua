--[[
Fills a document with the results of its runs and numbers it; writes HTML and Typst alike. The only filter that
pandoc and Quarto are told of; the modules beside it have one task each. In this order:

 1. staged              reads the results (the metadata `press-results` names values.json)
 2. reading             goes through the text once, in its order, with these:
    subset              refuses what docs/writing.md does not have
    conditions          shows or drops the blocks that depend on a result
    numbering           numbers headings, figures, tables, boxes and formulas and remembers every label
    values              puts results into sentences
    figures_and_tables  puts in figures and tables
    boxes, equations    check and number theirs
    abbreviations       spells out first uses
 3. references          resolves @fig-…, @tbl-…, @sec-…, fills the lists and the contact, and checks links
 4. citations           pandoc's own citeproc, where the built-in engine asks for it
 5. simulated           marks the sections that quote simulated results (1 and 2 have noted which)
 6. writer, boxes       write_html or write_typst: the forms that pandoc's writers lack
 7. problems            ends with every problem found in 1 to 6

Works alone under pandoc (the built-in engine) and before Quarto's own filters (`at: pre-ast`).
]]

-- Quarto looks beside the filter by itself. No package.path: in it, a folder's name could not hold "?" or ";".
if not quarto then
  local folder = pandoc.path.directory(PANDOC_SCRIPT_FILE)
  table.insert(package.searchers, 2, function(name)
    local loaded, reason = loadfile(pandoc.path.join({ folder, name .. ".lua" }))
    return loaded or reason
  end)
end

local abbreviations = require("abbreviations")
local boxes = require("boxes")
local citations = require("citations")
local conditions = require("conditions")
local figures_and_tables = require("figures_and_tables")
local metadata = require("metadata")
local numbering = require("numbering")
local problems = require("problems")
local reading = require("reading")
local references = require("references")
local simulated = require("simulated")
local staged = require("staged")
local writer = require("writer")

local stringify = pandoc.utils.stringify

local BANNER = "Demonstration with simulated data. Figures marked as simulated are made up and are not evidence."
local SECTION_NOTE = "Simulated data: this section is about made-up units."

local function mark_simulated(blocks, meta)
  local banner = metadata.words(meta, "simulated-banner", BANNER)
  local note = metadata.words(meta, "simulated-section", SECTION_NOTE)
  blocks = simulated.mark(blocks, note)
  if simulated.in_front() then
    meta["press-front-marker"] = pandoc.MetaInlines(pandoc.Inlines(note))
    if not meta.abstract then
      blocks:insert(1, writer.simulated_section(pandoc.Inlines(note)))
    end
  end
  if staged.simulated then
    meta["press-banner"] = pandoc.MetaInlines(pandoc.Inlines(banner))
    -- Quarto's own page template knows no banner.
    if quarto and FORMAT:match("html") then
      blocks:insert(1, pandoc.Div({ pandoc.Para(pandoc.Inlines(banner)) }, { class = "banner" }))
    end
  end
  writer.metadata(meta, staged.simulated and banner or nil)
  return blocks
end

local function shift_headings(blocks, meta)
  local shift = meta["press-heading-shift"] and tonumber(stringify(meta["press-heading-shift"])) or 0
  for _, block in ipairs(shift ~= 0 and blocks or {}) do
    if block.t == "Header" then
      block.level = math.min(block.level + shift, 6)
    end
  end
end

function Pandoc(doc)
  local meta = doc.meta
  staged.read(meta["press-results"] and stringify(meta["press-results"]))
  meta["press-world"] = pandoc.MetaInlines({ pandoc.Str(staged.world) })
  for _, module in ipairs({ writer, figures_and_tables, numbering, abbreviations }) do
    module.configure(meta, doc.blocks)
  end

  metadata.walk(meta, { Div = conditions.settle })
  abbreviations.forbid("Abstract")
  metadata.walk(meta, reading.inlines)
  abbreviations.allow()
  local blocks, referring, citing = reading.document(doc.blocks)
  abbreviations.finish()
  references.configure(meta)
  blocks, citing = references.resolve(blocks, referring, citing)
  meta["press-placed-contents"] = references.has_contents or nil
  metadata.walk(meta, references.handlers)
  if meta["press-citeproc"] and meta.bibliography then
    blocks, meta = citations.process(blocks, meta, citing)
  end
  blocks = mark_simulated(blocks, meta)
  blocks = writer.write(blocks, boxes.write)
  shift_headings(blocks, meta)
  problems.report(numbering.labels)
  return pandoc.Pandoc(blocks, meta)
end
