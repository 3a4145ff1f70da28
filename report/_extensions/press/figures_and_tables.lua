-- Figures and tables: those of results (::: {#fig-NAME result=KEY}) and those that the prose itself holds.

local abbreviations = require("abbreviations")
local numbering = require("numbering")
local problems = require("problems")
local simulated = require("simulated")
local staged = require("staged")
local subset = require("subset")
local writer = require("writer")

local figures_and_tables = {}

local stringify = pandoc.utils.stringify
local staged_folder = ""
local PICTURE_ATTRIBUTES = { alt = true, ["fig-alt"] = true }
local pictures -- paths that prose may show; nil: all (Quarto looks after them itself)

function figures_and_tables.configure(meta)
  staged_folder = meta["press-image-folder"] and stringify(meta["press-image-folder"]) or staged.folder
  if meta["press-images"] then
    pictures = {}
    for name in stringify(meta["press-images"]):gmatch("[^\n]+") do
      pictures[name] = true
    end
  end
end

function figures_and_tables.of_result(div)
  local key = div.attributes.result
  if not key then
    return nil
  end
  local line = problems.take_line(div)
  problems.refuse_other_attributes(div, { result = true }, "a figure or table ::: {#… result=…}", line)
  if #div.content > 0 then
    problems.add(
      ("the block of result=%s must be empty: caption and notes come from the notebook."):format(key),
      { line = line, search = key }
    )
  end
  local result = staged.find(key, line)
  if not result then
    return {}, false
  end
  if result.kind == "absent" then
    problems.add(
      ("the result '%s' is absent (%s). Put the block inside ::: {.content-visible when-result=%s}."):format(
        key, result.reason, key),
      { line = line, search = key }
    )
    return {}, false
  end
  local kind = ({ figure = "fig", table = "tbl" })[result.kind]
  if not kind then
    problems.add(
      ("the result '%s' is a %s. Quote it in a sentence: []{n=%s}."):format(key, result.kind, key),
      { line = line, search = key }
    )
    return {}, false
  end
  if not div.identifier:match("^" .. kind .. "%-.") then
    problems.add(
      ("the %s '%s' needs a label that begins with '%s-', for example {#%s-%s result=%s}."):format(
        result.kind, key, kind, kind, key:match("[^.]*$"):gsub("_", "-"), key),
      { line = line, search = key }
    )
    return {}, false
  end
  simulated.quoted(result)
  abbreviations.seen(result.caption)
  local number = numbering.number(kind, div.identifier, result.caption, line)
  if kind == "tbl" then
    return writer.table(div.identifier, number, result), false
  end
  return writer.figure({
    path = staged_folder .. result.file .. ".svg", alt = result.alt, caption = result.caption,
    notes = result.notes or {}, simulated = result.origin == "simulated", data = result.data,
    id = div.identifier, number = number,
  }), false
end

local function where_is(element)
  return { line = tonumber(element.attributes["press-line"]), search = element.src }
end

-- The caption also stands in lists and in attributes, where it is plain words.
local function check_caption(figure, where)
  local plain = true
  local function not_plain() plain = false end
  figure.caption.long:walk({ Span = not_plain, Cite = not_plain, Math = not_plain, Note = not_plain, Link = not_plain })
  if not plain then
    problems.add("the caption of a picture is plain words, without results, citations, formulas, notes and links.", where)
  end
end

local function is_of_report(image)
  if pictures and not pictures[image.src] then
    problems.add(
      ("the picture '%s' is not a file of the report. Write ![alternative text](path) on one line, with a path inside the report folder."):format(
        image.src),
      { search = image.src }
    )
    return false
  end
  return true
end

function figures_and_tables.of_prose(figure)
  local image
  figure.content:walk({ Image = function(found) image = found end })
  if not image then
    return nil
  end
  if not is_of_report(image) then
    return {}, false
  end
  local id = figure.identifier ~= "" and figure.identifier or image.identifier
  local caption = stringify(figure.caption.long)
  local where = where_is(image)
  subset.attributes(image, "a picture", {}, PICTURE_ATTRIBUTES, where)
  check_caption(figure, where)
  local alt = image.attributes["fig-alt"] or image.attributes.alt
  if not alt then
    problems.add(
      ("the picture '%s' has a caption but no alternative text. Add {fig-alt=\"what it shows\"}."):format(image.src),
      where
    )
    return {}, false
  end
  if not subset.label(id, "fig", where.line) then
    return {}, false
  end
  local number = id:match("^fig%-") and numbering.number("fig", id, caption) or nil
  return writer.figure({
    path = image.src, alt = alt, caption = caption, notes = {}, simulated = false, id = id, number = number,
  }), false
end

function figures_and_tables.number_table(element)
  local id = element.identifier
  local caption = stringify(element.caption.long)
  subset.attributes(element, "a table", {}, {}, { search = id ~= "" and id or caption })
  if not subset.label(id, "tbl") or not id:match("^tbl%-") then
    return nil
  end
  local number = numbering.number("tbl", id, caption)
  local first = element.caption.long[1]
  if first then
    first.content = pandoc.Inlines({ pandoc.Strong({ pandoc.Str(number .. ".") }), pandoc.Space() }) .. first.content
  end
  return element
end

-- A picture in a line of words.
function figures_and_tables.picture(image)
  if not is_of_report(image) then
    return {}
  end
  subset.attributes(image, "a picture", {}, PICTURE_ATTRIBUTES, where_is(image))
  local alt = image.attributes["fig-alt"] or image.attributes.alt or stringify(image.caption)
  if alt == "" then
    problems.add(("the picture '%s' has no alternative text: ![what it shows](…)."):format(image.src), { search = image.src })
  end
  return writer.picture(image.src, alt)
end

return figures_and_tables
