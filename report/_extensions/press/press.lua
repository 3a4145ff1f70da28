--[[
Fills a document with the results of its runs and numbers it; writes HTML and Typst alike. The only filter that
pandoc and Quarto are told of; the modules beside it have one task each. In this order:

 1. staged              reads the results (the metadata `press-results` names values.json)
 2. conditions          shows or drops the blocks that depend on a result
 3. numbering           numbers headings, figures and tables and remembers every label, and meanwhile
    values              puts results into sentences
    figures_and_tables  puts in figures and tables
 4. references          resolves @fig-…, @tbl-…, @sec-… and checks links
 5. simulated           marks the sections that quote simulated results (1 to 3 have noted which)
 6. citeproc            pandoc's own, where the built-in engine asks for it
 7. writer, boxes       write_html or write_typst: the forms that pandoc's writers lack
 8. problems            ends with every problem found in 1 to 7

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

local boxes = require("boxes")
local conditions = require("conditions")
local figures_and_tables = require("figures_and_tables")
local metadata = require("metadata")
local numbering = require("numbering")
local problems = require("problems")
local references = require("references")
local simulated = require("simulated")
local staged = require("staged")
local values = require("values")
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
  return shift == 0 and blocks or blocks:walk({
    Header = function(header)
      header.level = math.min(header.level + shift, 6)
      return header
    end,
  })
end

function Pandoc(doc)
  local meta = doc.meta
  staged.read(meta["press-results"] and stringify(meta["press-results"]))
  meta["press-world"] = pandoc.MetaInlines({ pandoc.Str(staged.world) })
  for _, module in ipairs({ writer, figures_and_tables, numbering }) do
    module.configure(meta)
  end

  metadata.walk(meta, { Div = conditions.settle })
  metadata.walk(meta, { traverse = "topdown", Span = values.fill })
  local blocks = doc.blocks:walk({ Div = conditions.settle }):walk({
    traverse = "topdown",
    Header = numbering.heading,
    Span = values.fill,
    Div = figures_and_tables.of_result,
    Figure = figures_and_tables.of_prose,
    Table = figures_and_tables.number_table,
    Image = figures_and_tables.picture,
  })
  numbering.anchors(blocks)

  local links = { Cite = references.cite, Link = references.link, Div = references.list }
  blocks = blocks:walk(links)
  metadata.walk(meta, links)
  blocks = mark_simulated(blocks, meta)

  doc = pandoc.Pandoc(blocks, meta)
  if meta["press-citeproc"] and meta.bibliography then
    doc = pandoc.utils.citeproc(doc)
  end
  doc.blocks = writer.write(doc.blocks):walk({ Div = boxes.write })
  doc.blocks = shift_headings(doc.blocks, meta)
  problems.report(numbering.labels)
  return doc
end
